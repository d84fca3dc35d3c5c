// What failed is tried again: when, how often, and what ends it. case F-11

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { bind, stopClock, turn } from "./stubs.js"

let pass
beforeEach(() => {
  pass = stopClock()
  mock.method(Math, "random", () => 0.5)
})

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

test("a failure is tried again after 1, 2, 4 … 30 seconds, and after a success from 1 on", async () => {
  // case F-11
  const { store, a, sent } = bind({ a: "a" })
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    store.ask(a)
    store.over(a)
    store.fail(a)
    await pass(seconds * 1_000 - 1)
    assert.equal(sent.length, 0, `before ${seconds} s`)
    await pass(1)
    assert.deepEqual(sent.splice(0), [["a"]], `after ${seconds} s`)
  }
  store.show(a, store.ask(a))
  store.fail(a)
  await pass(999)
  assert.deepEqual(sent, [])
  await pass(1)
  assert.deepEqual(sent, [["a"]])
})

test("a binding that could not ask yet, for htmx is not there, is tried again soon", async () => {
  // case F-16
  const { store, a, sent } = bind({ a: "a" })
  for (const wait of [50, 100, 200, 400]) {
    store.fail(a)
    await pass(wait - 1)
    assert.equal(sent.length, 0, `before ${wait} ms`)
    await pass(1)
    assert.deepEqual(sent.splice(0), [["a"]], `after ${wait} ms`)
  }
})

test("what failed together is not tried again together", () => {
  // case F-11: by a quarter to both sides
  const { store, a } = bind({ a: "a" })
  const waits = mock.method(globalThis, "setTimeout", () => 0)
  for (const random of [0, 0.5, 0.999]) {
    Math.random.mock.mockImplementation(() => random)
    store.ask(a)
    store.fail(a)
    store.show(a, store.ask(a))
  }
  assert.deepEqual(waits.mock.calls.map(({ arguments: [, wait] }) => Math.round(wait)), [750, 1_000, 1_250])
})

test("a binding that failed twice has one timer", async () => {
  const { store, a, sent } = bind({ a: "a" })
  store.ask(a)
  store.over(a)
  store.fail(a)
  store.fail(a)
  await pass(1_999, 1)
  assert.deepEqual(sent, [])
  await pass(60_000, 1_000)
  assert.deepEqual(sent, [["a"]])
})

test("a binding that is refetched for another reason is not tried again by its timer", async () => {
  const { store, a, sent } = bind({ a: "a" })
  store.fail(a)
  store.invalidate("a")
  await turn()
  await pass(60_000, 1_000)
  assert.deepEqual(sent, [["a"]])
})

for (const [what, act] of [
  ["was shown since", (store, a) => store.show(a, store.ask(a))],
  ["will never be answered", (store, a) => store.fail(a, 404)],
]) {
  test(`a binding that ${what} is not tried again`, async () => {
    // cases F-5, F-11
    const { store, a, sent } = bind({ a: "a" })
    store.fail(a)
    act(store, a)
    await pass(60_000, 1_000)
    assert.deepEqual(sent, [])
  })
}

for (const status of [undefined, 0, 429, 500, 503]) {
  test(`an answer ${status ?? "that was none"} is tried again`, async () => {
    const { store, a, sent } = bind({ a: "a" })
    store.fail(a, status)
    await pass(1_000)
    assert.deepEqual(sent, [["a"]])
  })
}

test("back online all that failed is tried again at once, in one go, and its timers are gone", async () => {
  // case F-11: online is one of what returning.js takes for a return
  const { store, a, b, sent } = bind({ a: "a", b: "b" })
  for (const binding of [a, b]) store.fail(binding)
  store.invalidate("*", "returned")
  await turn()
  assert.deepEqual(sent, [["a", "b"]])
  for (const binding of [a, b]) store.show(binding, store.ask(binding))
  await pass(60_000, 1_000)
  assert.deepEqual(sent, [["a", "b"]])
})
