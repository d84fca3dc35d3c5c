// The store: what an invalidation reaches, when it is refetched, which answer may be shown.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { fromHeader, parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { createStore } from "../../mizan_htmx/static/mizan_htmx/src/store.js"
import { bind, stopClock, turn } from "./stubs.js"

let pass
beforeEach(() => {
  pass = stopClock()
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
    const { store, sent } = bind({ whole: "a", one: "a;x=1", two: "a;x=2, both" })
    store.invalidate(header)
    assert.deepEqual(sent, [], "nothing is sent before the microtask")
    await turn()
    assert.deepEqual(sent.flat(), names)
  })
}

test("an RPC body's list reaches what the header's text reaches", async () => {
  // cases R-19, P-9, P-5
  const bound = { int: "a;x=5", long: 'a;x="9007199254740993"', yes: "a;x=?1", none: "a;x=null", b: "b" }
  const { store, sent } = bind(bound)
  for (const x of [5, "5", "9007199254740993", true, null]) {
    store.invalidate([{ context: "a", params: { x } }])
    await pass(60)
  }
  store.invalidate(["b", { context: "a" }])
  await turn()
  assert.deepEqual(sent, [["int"], ["int"], ["long"], ["yes"], ["none"], ["int", "long", "yes", "none", "b"]])
})

test("what is above the header's limits refetches everything", async () => {
  // cases H-11, H-12
  const { store, sent } = bind({ a: "a", b: "b" })
  store.invalidate(Array.from({ length: 65 }, (_, i) => `c;x=${i}`).join(","))
  await turn()
  assert.deepEqual(sent, [["a", "b"]])
})

test("the document is told of the keys and who said so, before anything is sent", () => {
  const heard = []
  globalThis.document = new EventTarget()
  document.addEventListener("mizan:invalidated", ({ detail }) => heard.push(detail))
  const { store, sent } = bind({ a: "a" })
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
  const { store, sent, a } = bind({ a: "a", b: "b", c: "c" })
  for (let i = 0; i < 1_000; i++) store.invalidate(i % 2 ? "a" : "b")
  store.refetch([a])
  await null
  assert.deepEqual(sent, [["b", "a"]])
  store.invalidate("c")
  await turn()
  assert.deepEqual(sent, [["b", "a"], ["c"]])
})

test("every source finds and sends", async () => {
  const { store, sent, a } = bind({ a: "a" })
  const island = { keys: parse("a") }
  const others = []
  store.source(
    () => [island],
    (found) => others.push(found),
  )
  store.invalidate("a")
  await turn()
  assert.deepEqual([sent, others], [[["a", undefined]], [[a, island]]])
})

test("an answer that was overtaken is not shown", () => {
  // case F-1
  const { store, a } = bind({ a: "a" })
  const [first, second] = [store.ask(a), store.ask(a)]
  assert.equal(store.current(a, second), true)
  store.show(a, second)
  assert.equal(store.current(a, first), false)
})

test("an answer asked for before an invalidation is not shown, from the mark on", async () => {
  // cases F-1, INV-5
  const { store, a, b, sent } = bind({ a: "a", b: "b" })
  const [asked, other] = [store.ask(a), store.ask(b)]
  assert.deepEqual(store.mark(fromHeader("a"), "htmx"), [a])
  assert.deepEqual([store.current(a, asked), store.current(b, other)], [false, true])
  await turn()
  assert.deepEqual(sent, [], "to mark is not to refetch")
})

test("an invalidation while a refetch is under way sends exactly one more, at once", async () => {
  // case F-2: also where the first never comes
  const { store, a, sent } = bind({ a: "a" })
  store.invalidate("a")
  await turn()
  const hanging = store.ask(a)
  store.invalidate("a")
  await turn()
  assert.equal(sent.length, 2)
  const newest = store.ask(a)
  assert.deepEqual([store.current(a, hanging), store.current(a, newest)], [false, true])
})

test("of three invalidations the second's answer is slow: the third's is shown", async () => {
  // case F-23
  const { store, a } = bind({ a: "a" })
  const asked = []
  for (let i = 0; i < 3; i++) {
    store.invalidate("a")
    await pass(60)
    asked.push(store.ask(a))
  }
  assert.deepEqual(asked.map((at) => store.current(a, at)), [false, false, true])
  store.show(a, asked[2])
  assert.equal(store.current(a, asked[1]), false)
})

test("in any order of events nothing old is shown, and what is shown last is the newest", async () => {
  // cases F-1, F-2, F-23, F-24, INV-5
  for (let seed = 1; seed <= 300; seed++) {
    let state = seed
    const dice = (sides) => (state = (state * 48_271) % 2_147_483_647) % sides
    const store = createStore()
    const binding = { keys: parse("a") }
    const underWay = []
    let [written, told, shown, since] = [0, 0, 0]
    store.source(
      () => [binding],
      (found) => found.length && underWay.push({ asked: store.ask(binding), version: written }),
    )
    const tell = () => {
      told = written
      since ??= performance.now()
      store.invalidate("a")
    }
    const answer = () => {
      const [{ asked, version }] = underWay.splice(dice(underWay.length), 1)
      store.over(binding)
      if (!store.current(binding, asked)) return
      const isPatient = !(performance.now() - since > 500)
      const isOld = version < shown || (version < told && isPatient)
      assert.ok(!isOld, `seed ${seed}: ${version} after ${told} and ${shown}`)
      since = store.show(binding, asked) ? undefined : performance.now()
      shown = version
    }
    for (let step = 0; step < 40; step++) {
      const what = dice(4)
      if (what === 0) written++
      if (what === 1) tell()
      if (what === 2) await pass([1, 20, 60, 200][dice(4)])
      if (what === 3 && underWay.length) answer()
    }
    tell()
    await pass(3_000, 50)
    while (underWay.length) answer()
    assert.equal(shown, written, `seed ${seed}`)
  }
})
