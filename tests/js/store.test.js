// The store: what an invalidation reaches, when it is refetched, which answer may be shown.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { fromHeader, parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { createStore } from "../../mizan_htmx/static/mizan_htmx/src/store.js"

/** Let all microtasks run. */
const settled = () => new Promise(setImmediate)

/** A store with bindings by name; `sent` collects what was refetched, a list per flush. */
function setUp(bound) {
  const store = createStore()
  const bindings = Object.fromEntries(Object.entries(bound).map(([name, text]) => [name, { name, keys: parse(text) }]))
  const sent = []
  store.source(
    () => Object.values(bindings),
    (found) => found.length && sent.push(found.map(({ name }) => name)),
  )
  return { store, ...bindings, bindings, sent }
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(Math, "random", () => 0.5)
})

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
  delete globalThis.document
})

const REACHED = [
  ["a", ["whole", "one", "two"]],
  ["a;x=1", ["whole", "one"]],
  ["a;x=3", ["whole"]],
  ["a;y=1", ["whole", "one", "two"]],
  ["other", []],
  ["both", ["two"]],
  ["*", ["whole", "one", "two"]],
  ["a;x=1, both", ["whole", "one", "two"]],
  ["!!", []],
]
for (const [header, names] of REACHED) {
  test(`${header} refetches ${names.join(" and ") || "nothing"}`, async () => {
    // case P-8
    const { store, sent } = setUp({ whole: "a", one: "a;x=1", two: "a;x=2, both" })
    store.invalidate(header)
    assert.deepEqual(sent, [], "nothing is sent before the microtask")
    await settled()
    assert.deepEqual(sent.flat(), names)
  })
}

test("an RPC body's list reaches what the header's text reaches", async () => {
  // cases R-19, P-9, P-5
  const bound = { int: "a;x=5", long: 'a;x="9007199254740993"', yes: "a;x=?1", none: "a;x=null", b: "b" }
  const { store, sent } = setUp(bound)
  for (const x of [5, "5", "9007199254740993", true, null]) {
    store.invalidate([{ context: "a", params: { x } }])
    await settled()
  }
  store.invalidate(["b", { context: "a" }])
  await settled()
  assert.deepEqual(sent, [["int"], ["int"], ["long"], ["yes"], ["none"], ["int", "long", "yes", "none", "b"]])
})

test("what is above the header's limits refetches everything", async () => {
  // cases H-11, H-12
  const { store, sent } = setUp({ a: "a", b: "b" })
  store.invalidate(Array.from({ length: 65 }, (_, i) => `c;x=${i}`).join(","))
  await settled()
  assert.deepEqual(sent, [["a", "b"]])
})

test("the document is told of the keys and who said so, before anything is sent", () => {
  const heard = []
  globalThis.document = new EventTarget()
  document.addEventListener("mizan:invalidated", ({ detail }) => heard.push(detail))
  const { store, sent } = setUp({ a: "a" })
  store.invalidate('b!, a;x="\\"",*')
  store.invalidate(["a;x=1", { context: "b", params: { y: 1 } }], "call")
  store.mark(fromHeader("a"), "htmx")
  assert.deepEqual(heard, [
    { keys: ['a;x="\\""', "*"], source: "script" },
    { keys: ["a;x=1", { context: "b", params: { y: 1 } }], source: "call" },
    { keys: ["a"], source: "htmx" },
  ])
  assert.deepEqual(sent, [])
})

test("all of one microtask is one refetch, and a binding is in it once", async () => {
  // case F-8
  const { store, sent, a } = setUp({ a: "a", b: "b", c: "c" })
  for (let i = 0; i < 1_000; i++) store.invalidate(i % 2 ? "a" : "b")
  store.refetch([a])
  await null
  assert.deepEqual(sent, [["b", "a"]])
  store.invalidate("c")
  await settled()
  assert.deepEqual(sent, [["b", "a"], ["c"]])
})

test("every source finds and sends", async () => {
  const { store, sent, a } = setUp({ a: "a" })
  const island = { keys: parse("a") }
  const others = []
  store.source(
    () => [island],
    (found) => others.push(found),
  )
  store.invalidate("a")
  await settled()
  assert.deepEqual([sent, others], [[["a", undefined]], [[a, island]]])
})

test("an answer that was overtaken is not shown", () => {
  // case F-1
  const { store, a } = setUp({ a: "a" })
  const [first, second] = [store.ask(a), store.ask(a)]
  assert.equal(store.current(a, second), true)
  store.show(a, second)
  assert.equal(store.current(a, first), false)
})

test("an answer asked for before an invalidation is not shown, from the mark on", async () => {
  // cases F-1, INV-5
  const { store, a, b, sent } = setUp({ a: "a", b: "b" })
  const [asked, other] = [store.ask(a), store.ask(b)]
  assert.deepEqual(store.mark(fromHeader("a"), "htmx"), [a])
  assert.deepEqual([store.current(a, asked), store.current(b, other)], [false, true])
  await settled()
  assert.deepEqual(sent, [], "to mark is not to refetch")
})

test("an invalidation while a refetch is under way sends exactly one more, at once", async () => {
  // case F-2: also where the first never comes
  const { store, a, sent } = setUp({ a: "a" })
  store.invalidate("a")
  await settled()
  const hanging = store.ask(a)
  store.invalidate("a")
  await settled()
  assert.equal(sent.length, 2)
  const newest = store.ask(a)
  assert.deepEqual([store.current(a, hanging), store.current(a, newest)], [false, true])
})

test("of three invalidations the second's answer is slow: the third's is shown", async () => {
  // case F-23
  const { store, a } = setUp({ a: "a" })
  const asked = []
  for (let i = 0; i < 3; i++) {
    store.invalidate("a")
    await settled()
    asked.push(store.ask(a))
  }
  assert.deepEqual(asked.map((at) => store.current(a, at)), [false, false, true])
  store.show(a, asked[2])
  assert.equal(store.current(a, asked[1]), false)
})

test("in any order of events nothing old is shown, and what is shown last is the newest", async () => {
  // cases F-1, F-2, F-23, INV-5
  for (let seed = 1; seed <= 300; seed++) {
    let state = seed
    const dice = (sides) => (state = (state * 48_271) % 2_147_483_647) % sides
    const store = createStore()
    const binding = { keys: parse("a") }
    const underWay = []
    let [written, told, shown] = [0, 0, 0]
    store.source(
      () => [binding],
      () => underWay.push({ asked: store.ask(binding), version: written }),
    )
    const tell = () => {
      told = written
      store.invalidate("a")
    }
    const answer = () => {
      const [{ asked, version }] = underWay.splice(dice(underWay.length), 1)
      if (!store.current(binding, asked)) return
      assert.ok(version >= told && version >= shown, `seed ${seed}: ${version} after ${told} and ${shown}`)
      store.show(binding, asked)
      shown = version
    }
    for (let step = 0; step < 40; step++) {
      const what = dice(4)
      if (what === 0) written++
      if (what === 1) tell()
      if (what === 2) await settled()
      if (what === 3 && underWay.length) answer()
    }
    tell()
    await settled()
    while (underWay.length) answer()
    assert.equal(shown, written, `seed ${seed}`)
  }
})

test("a failure is tried again after 1, 2, 4 … 30 seconds, and after a success from 1 on", async () => {
  // case F-11
  const { store, a, sent } = setUp({ a: "a" })
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    store.fail(a)
    mock.timers.tick(seconds * 1_000 - 1)
    await settled()
    assert.equal(sent.length, 0, `before ${seconds} s`)
    mock.timers.tick(1)
    await settled()
    assert.deepEqual(sent.splice(0), [["a"]], `after ${seconds} s`)
  }
  store.show(a, store.ask(a))
  store.fail(a)
  mock.timers.tick(1_000)
  await settled()
  assert.deepEqual(sent, [["a"]])
})

test("what failed together is not tried again together", () => {
  // case F-11: by a quarter to both sides
  const { store, a } = setUp({ a: "a" })
  const waits = mock.method(globalThis, "setTimeout", () => 0)
  for (const random of [0, 0.5, 0.999]) {
    Math.random.mock.mockImplementation(() => random)
    store.fail(a)
    store.show(a, store.ask(a))
  }
  assert.deepEqual(waits.mock.calls.map(({ arguments: [, wait] }) => Math.round(wait)), [750, 1_000, 1_250])
})

test("a binding that failed twice has one timer", async () => {
  const { store, a, sent } = setUp({ a: "a" })
  store.fail(a)
  store.fail(a)
  mock.timers.tick(60_000)
  await settled()
  assert.deepEqual(sent, [["a"]])
})

for (const [what, act] of [
  ["was shown since", (store, a) => store.show(a, store.ask(a))],
  ["will never be answered", (store, a) => store.fail(a, 404)],
]) {
  test(`a binding that ${what} is not tried again`, async () => {
    // cases F-5, F-11
    const { store, a, sent } = setUp({ a: "a" })
    store.fail(a)
    act(store, a)
    mock.timers.tick(60_000)
    store.retry()
    await settled()
    assert.deepEqual(sent, [])
  })
}

test("back online all that failed is tried again at once, in one go, and nothing else", async () => {
  // case F-11
  const { store, a, b, sent } = setUp({ a: "a", b: "b", c: "c" })
  store.fail(a)
  store.fail(b)
  store.retry()
  await settled()
  assert.deepEqual(sent, [["a", "b"]])
})
