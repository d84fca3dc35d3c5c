// Many invalidations in a short time: how often a binding asks, and that something is shown.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { bind, stopClock, turn } from "./stubs.js"

let pass
beforeEach(() => {
  pass = stopClock()
})

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

/** Invalidate, and let what follows at once follow. */
async function tell(store, keys = "a") {
  store.invalidate(keys)
  await turn()
}

/**
 * Bindings over a server that needs `ms` for each answer. Says what was sent, and what was shown, with its time.
 * Where each request `replaces` the one before it, as htmx has it, that one is aborted.
 */
function serving(ms, bound = { a: "a" }, replaces = false) {
  const { store } = bind(bound)
  const server = { store, version: 0, underWay: 0, most: 0, sent: [], shown: [] }
  const end = (binding) => {
    server.underWay--
    store.over(binding)
  }
  const abort = (binding) => {
    if (binding.request) end(binding)
    clearTimeout(binding.request)
  }
  const answer = (binding, asked, version) => {
    end(binding)
    binding.request = undefined
    if (!store.current(binding, asked)) return
    const isFresh = store.show(binding, asked)
    server.shown.push({ name: binding.name, at: performance.now(), version, isFresh })
  }
  store.source(
    () => [],
    (found) => {
      if (found.length) server.sent.push({ at: performance.now(), names: found.map(({ name }) => name) })
      for (const binding of found) {
        if (replaces) abort(binding)
        server.most = Math.max(server.most, ++server.underWay)
        binding.request = setTimeout(answer, ms, binding, store.ask(binding), server.version)
      }
    },
  )
  return server
}

/** A write, and an invalidation by it, each `every` milliseconds. */
async function storm(server, every, until) {
  for (const end = performance.now() + until; performance.now() < end; ) {
    server.version++
    await tell(server.store)
    await pass(every, Math.min(every, 10))
  }
}

test("a binding asks at once, once more at once, and then once in 50 ms", async () => {
  // case F-8
  const { store, sent } = bind({ a: "a" })
  for (const count of [1, 2, 2, 2]) {
    await tell(store)
    assert.equal(sent.length, count)
  }
  await pass(49, 1)
  assert.equal(sent.length, 2)
  await pass(1)
  assert.equal(sent.length, 3)
  await tell(store)
  assert.equal(sent.length, 3)
  await pass(50, 1)
  assert.equal(sent.length, 4)
  await pass(1_000, 10)
  assert.equal(sent.length, 4, "nothing more than what was asked for")
})

test("after a quiet while it asks at once again, twice", async () => {
  // case F-8
  const { store, sent } = bind({ a: "a" })
  for (let i = 0; i < 4; i++) await tell(store)
  await pass(200, 10)
  assert.equal(sent.length, 3)
  for (const count of [4, 5, 5]) {
    await tell(store)
    assert.equal(sent.length, count)
  }
})

test("who waits for its window keeps nobody else from going at once", async () => {
  // case F-8
  const { store, sent } = bind({ a: "a", b: "b" })
  for (let i = 0; i < 3; i++) await tell(store)
  await tell(store, "b")
  assert.deepEqual(sent, [["a"], ["a"], ["b"]])
  await pass(50, 1)
  assert.deepEqual(sent[3], ["a"])
})

test("1,000 invalidations in a second on 50 bindings are few refetches, and the last state is right", async () => {
  // case F-8
  const names = Array.from({ length: 50 }, (_, i) => `b${i}`)
  const server = serving(20, Object.fromEntries(names.map((name, i) => [name, `a;x=${i}`])))
  for (; server.version < 1_000; server.version++) {
    await tell(server.store)
    await pass(1)
  }
  await tell(server.store)
  await pass(1_000, 10)
  const { sent, shown } = server
  assert.ok(sent.length <= 24, `${sent.length} refetches`) // two at once, and one for each 50 ms
  for (const { names: together } of sent) assert.deepEqual(together, names)
  assert.deepEqual(shown.slice(-50).map(({ name, version, isFresh }) => [name, version, isFresh]), names.map((name) => [name, 1_000, true]))
})

for (const [what, keyOf] of [
  ["each of the next one", (i) => `a;x=${i % 50}`],
  ["each of any", (i) => `a;x=${(i * 7_919 + ((i * i) % 13)) % 50}`],
]) {
  test(`so are 1,000 of them that are scoped, ${what}`, async () => {
    // case F-8
    const names = Array.from({ length: 50 }, (_, i) => `b${i}`)
    const server = serving(20, Object.fromEntries(names.map((name, i) => [name, `a;x=${i}`])))
    const told = {}
    for (; server.version < 1_000; server.version++) {
      told[`b${keyOf(server.version).slice(4)}`] = server.version
      await tell(server.store, keyOf(server.version))
      await pass(1)
    }
    await pass(1_000, 10)
    assert.ok(server.sent.length <= 60, `${server.sent.length} refetches`)
    const shown = Object.fromEntries(server.shown.map(({ name, version, isFresh }) => [name, isFresh && version]))
    for (const name of names) assert.ok(shown[name] >= told[name], `${name}: ${shown[name]}`)
  })
}

test("a second invalidation while a refetch is under way sends one more at once, never three", async () => {
  // case F-2
  const server = serving(300)
  for (let i = 0; i < 2; i++) await tell(server.store)
  assert.deepEqual([server.sent.length, server.underWay], [2, 2])
  await pass(1_000, 10)
  assert.equal(server.sent.length, 2)
  assert.deepEqual(server.shown.map(({ isFresh }) => isFresh), [true])
})

test("where both hang there is one more in the end", async () => {
  // cases F-2, F-24
  const server = serving(60_000)
  for (let i = 0; i < 3; i++) await tell(server.store)
  await pass(2_000, 10)
  assert.equal(server.sent.length, 3)
})

test("while each answer is late, what is shown after half a second is the newest there is", async () => {
  // case F-24
  const server = serving(100)
  const start = performance.now()
  await storm(server, 50, 3_000)
  const { shown } = server
  for (const [i, { at, version, isFresh }] of shown.entries()) {
    const waited = at - (shown[i - 1]?.at ?? start)
    assert.ok(waited > 500 && waited <= 650, `shown after ${waited} ms`)
    assert.equal(isFresh, false, "it stays stale")
    assert.equal(version, (at - start) / 50 - 1, "what was asked for 100 ms ago")
  }
  assert.equal(shown.length, 5)
  const { version } = server
  await pass(300, 10)
  assert.deepEqual([shown.at(-1).version, shown.at(-1).isFresh], [version, true])
})

for (const replaces of [false, true]) {
  for (const ms of [100, 300, 1_000]) {
    test(`answers of ${ms} ms are shown in a storm, two under way at most${replaces ? ", where one ends the other" : ""}`, async () => {
      // case F-24
      const server = serving(ms, { a: "a" }, replaces)
      const start = performance.now()
      await storm(server, 20, 6_000)
      const { shown, sent, most, version } = server
      assert.ok(most <= 2, `${most} under way`)
      for (const [i, { at }] of shown.entries()) {
        const waited = at - (shown[i - 1]?.at ?? start)
        assert.ok(waited > 500 && waited <= 600 + ms, `shown after ${waited} ms`)
        assert.ok(sent.some((next) => next.at === at), "the next is asked for at once")
      }
      assert.ok(shown.length >= 3)
      await pass(ms + 2_000, 10)
      assert.deepEqual([shown.at(-1).version, shown.at(-1).isFresh], [version, true])
    })
  }
}

test("before half a second has passed nothing that is late is shown", async () => {
  // case F-24, INV-5
  const server = serving(100)
  await storm(server, 50, 500)
  assert.deepEqual(server.shown, [])
  await pass(200, 10)
  assert.deepEqual(server.shown.map(({ version, isFresh }) => [version, isFresh]), [[10, true]])
})

test("what is late is never older than what is shown", async () => {
  // case F-24
  const { store, a } = bind({ a: "a" })
  store.invalidate("a")
  await turn()
  const [first, second] = [store.ask(a), store.ask(a)]
  store.invalidate("a")
  await pass(501)
  store.invalidate("a")
  assert.ok(store.current(a, second))
  assert.ok(!store.show(a, second))
  await pass(501)
  assert.ok(!store.current(a, first))
  assert.ok(!store.current(a, second), "nor is it shown twice")
})

test("what was shown fresh waits for nothing: the next invalidation begins its own half a second", async () => {
  // case F-24, INV-5
  const server = serving(100)
  await tell(server.store)
  await pass(2_000, 10)
  assert.equal(server.shown.length, 1)
  await storm(server, 50, 400)
  assert.equal(server.shown.length, 1)
})
