// What a write's own answer brings: who may take it, once, and when it is dropped.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { createAsk } from "../../mizan_htmx/static/mizan_htmx/src/fresh.js"
import { parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { answering, bind, openPage, stopClock } from "./stubs.js"

beforeEach(() => {
  openPage()
  stopClock()
})

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

const ANSWER = { status: 200, etag: "e2", data: { n: 2 } }
const item = (text) => ({ kind: "contexts", text })

/** A store with islands `a` and `b`, whose batches were never asked for more than they were given. */
function setUp() {
  const { store, a, b } = bind({ a: "a", b: "b" })
  for (const binding of [a, b]) binding.item = () => item(binding.name)
  const fetched = answering()
  return { store, a, b, ask: createAsk(store), fetched }
}

test("what was brought is taken instead of a request, once", async () => {
  const { store, a, ask, fetched } = setUp()
  store.give({ contexts: { a: ANSWER } }, store.mark(parse("a"), "call"))
  const { status, etag, data } = await ask(item("a"), "e1", a)
  assert.deepEqual({ status, etag, data }, ANSWER)
  assert.equal(await ask(item("a"), "e2", a), undefined, "the second goes alone")
  assert.equal(fetched.callCount(), 0)
})

test("what was brought and is shown already is nothing new", async () => {
  const { store, a, ask } = setUp()
  store.give({ contexts: { a: ANSWER } }, store.mark(parse("a"), "call"))
  assert.deepEqual(await ask(item("a"), "e2", a), { status: 304 })
})

test("a later mark drops it, for it may be older than that", async () => {
  // case INV-5
  const { store, a, ask } = setUp()
  store.give({ contexts: { a: ANSWER } }, store.mark(parse("a"), "call"))
  store.mark(parse("a"), "tab")
  assert.equal(await ask(item("a"), "e1", a), undefined)
})

test("a later mark of something else does not", async () => {
  const { store, a, ask } = setUp()
  store.give({ contexts: { a: ANSWER } }, store.mark(parse("a"), "call"))
  store.mark(parse("b"), "tab")
  assert.equal((await ask(item("a"), "e1", a)).etag, "e2")
})

test("only what the write made stale takes it", async () => {
  const { store, b, ask } = setUp()
  store.give({ contexts: { a: ANSWER, b: ANSWER } }, store.mark(parse("a"), "call"))
  assert.equal(await ask(item("b"), "e1", b), undefined)
})

test("only who asks for the same text takes it, and who asks for another drops it", async () => {
  const { store, a, ask } = setUp()
  store.give({ contexts: { a: ANSWER } }, store.mark(parse("a"), "call"))
  assert.equal(await ask(item("a;x=1"), "e1", a), undefined)
  assert.equal(await ask(item("a"), "e1", a), undefined)
})

for (const [what, answers] of [
  ["nothing", undefined],
  ["another kind", { fragments: { a: ANSWER } }],
  ["another text", { contexts: { "a;x=1": ANSWER } }],
]) {
  test(`an answer that brings ${what} leaves it to a request`, async () => {
    const { store, a, ask } = setUp()
    store.give(answers, store.mark(parse("a"), "call"))
    assert.equal(await ask(item("a"), "e1", a), undefined)
  })
}

test("what is no item takes nothing, and breaks nothing", () => {
  const { store, a, b } = setUp()
  a.item = () => undefined
  delete b.item
  assert.doesNotThrow(() => store.give({ undefined: { undefined: ANSWER } }, store.mark(parse("*"), "call")))
})
