// One entry: which answer counts, what a failure does.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { answering, holding, kernel, openPage, settled, stub } from "./stubs.js"
import { createCall, MizanError } from "../../mizan_htmx/static/mizan_htmx/src/transport.js"

let requests
beforeEach(() => {
  openPage()
  requests = holding()
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(Math, "random", () => 0.5)
})
afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

const state = (status, data, error) => ({ data, status, error })
const json = () => ({ headers: { "Content-Type": "application/json" } })
const fault = (code, message = code) => ({ error: { code, message, details: [] } })

/** An entry that somebody watches and that was answered. */
async function watched(data, headers = { ETag: '"e1"' }) {
  const { registerContext, mizanFetch, store } = kernel()
  const entry = registerContext("board", { board_id: 3 })
  const heard = []
  const undo = entry.subscribe((now) => heard.push(now))
  await settled()
  if (data) await requests[0].answer(data, headers)
  heard.length = 0
  return { ...entry, heard, undo, store, registerContext, mizanFetch }
}

async function stale({ store }) {
  store.invalidate("board;board_id=3")
  await settled()
}

test("a late answer never replaces a newer one", async () => {
  // case F-1
  const entry = await watched({ n: 0 })
  await stale(entry)
  await stale(entry)
  await requests[2].answer({ n: 2 })
  await requests[1].answer({ n: 1 })
  assert.deepEqual(entry.heard, [state("success", { n: 2 })])
})

test("a late failure does not either", async () => {
  // case F-1
  const entry = await watched({ n: 0 })
  await stale(entry)
  await stale(entry)
  await requests[1].answer(fault("internal"), {}, 500)
  assert.deepEqual(entry.heard, [])
  await requests[2].answer({ n: 2 })
  assert.deepEqual(entry.heard, [state("success", { n: 2 })])
  mock.timers.tick(60_000)
  await settled()
  assert.equal(requests.length, 3)
})

test("an invalidation during a fetch causes exactly one more, and what was under way is not shown", async () => {
  // case F-2
  const entry = await watched()
  for (let i = 0; i < 5; i++) entry.store.invalidate("board")
  await settled()
  assert.equal(requests.length, 2)
  await requests[0].answer({ n: 1 })
  assert.deepEqual(entry.getState(), state("loading"))
  await requests[1].answer({ n: 2 })
  assert.deepEqual(entry.getState(), state("success", { n: 2 }))
})

test("nor is it shown where the invalidation comes before its body has been read", async () => {
  const entry = await watched({ n: 0 })
  await stale(entry)
  let go
  const text = new Promise((resolve) => (go = resolve))
  requests[1].reply(Object.assign(Response.json({}), { text: () => text }))
  await settled()
  entry.store.invalidate("board")
  go('{"n": 1}')
  await settled()
  assert.deepEqual([entry.heard, requests.length], [[], 3])
})

test("an answer's own header is honoured, and the answer then is not newer than it says", async () => {
  const entry = await watched({ n: 0 })
  await stale(entry)
  await requests[1].answer({ n: 1 }, { "X-Mizan-Invalidate": "board" })
  assert.deepEqual([entry.heard, requests.length], [[], 3])
})

test("what did not change keeps the state, and nobody is told", async () => {
  const entry = await watched({ n: 1 })
  const before = entry.getState()
  await stale(entry)
  assert.equal(requests[1].tag, '"e1"')
  await requests[1].answer({ n: 1 }, {}, 304)
  assert.equal(entry.getState(), before)
  assert.deepEqual(entry.heard, [])
})

test("without an ETag nothing is conditional", async () => {
  const entry = await watched({ n: 1 }, {})
  await stale(entry)
  assert.equal(requests[1].tag, undefined)
  await requests[1].answer({ n: 2 }, {})
  assert.deepEqual(entry.getState().data, { n: 2 })
})

test("a failure is said at once and keeps the data; a retry behind it brings the new", async () => {
  // case F-11
  const entry = await watched({ n: 1 })
  await stale(entry)
  await requests[1].answer(fault("internal"), {}, 500)
  const [{ status, data, error }] = entry.heard
  assert.deepEqual([status, data, error.code, error.status], ["error", { n: 1 }, "internal", 500])
  assert.ok(error instanceof MizanError)
  mock.timers.tick(999)
  await settled()
  assert.equal(requests.length, 2)
  mock.timers.tick(1)
  await settled()
  await requests[2].answer(null, {}, 304)
  assert.deepEqual(entry.getState(), state("success", { n: 1 }))
})

const FAILURES = [
  ["no answer", (request) => request.fail(), "network", 0, true],
  ["HTML", (request) => request.reply(new Response("<h1>", { status: 502 })), "internal", 502, true],
  ["HTML that is good", (request) => request.reply(new Response("<h1>")), "internal", 200, false],
  ["half of a JSON", (request) => request.reply(new Response("{", json())), "network", 0, true],
  ["429", (request) => request.answer(fault("busy"), {}, 429), "busy", 429, true],
  ["404", (request) => request.answer(fault("not_found"), {}, 404), "not_found", 404, false],
  ["422", (request) => request.answer(fault("invalid"), {}, 422), "invalid", 422, false],
]
for (const [what, act, code, status, again] of FAILURES) {
  test(`${what} is ${code}, and ${again ? "tried again" : "not tried again"}`, async () => {
    // case F-11
    const entry = await watched({ n: 1 })
    await stale(entry)
    await act(requests[1])
    await settled()
    const { error, data } = entry.getState()
    assert.deepEqual([error.code, error.status, data], [code, status, { n: 1 }])
    mock.timers.tick(60_000)
    await settled()
    assert.equal(requests.length, again ? 3 : 2)
    await stale(entry)
    assert.equal(requests.length, again ? 4 : 3, "a new invalidation tries in any case")
  })
}

test("what one may not read any more is gone, and so is its ETag", async () => {
  const entry = await watched({ n: 1 })
  await stale(entry)
  await requests[1].answer(fault("forbidden"), {}, 403)
  const { status, data, error } = entry.getState()
  assert.deepEqual([status, data, error.code], ["error", undefined, "forbidden"])
  await stale(entry)
  assert.equal(requests[2].tag, undefined)
})

test("what nobody watches any more is not tried again", async () => {
  const entry = await watched({ n: 1 })
  await stale(entry)
  await requests[1].answer(fault("internal"), {}, 500)
  entry.undo()
  mock.timers.tick(60_000)
  entry.store.invalidate("*", "returned")
  await settled()
  assert.equal(requests.length, 2)
  entry.subscribe(() => {})
  await settled()
  assert.equal(requests.length, 3, "whoever comes tries at once")
})

test("refetch resolves with what was asked for after it, and several at once are one fetch", async () => {
  const entry = await watched({ n: 0 })
  await stale(entry)
  const both = Promise.all([entry.refetch(), entry.refetch()])
  await requests[1].answer({ n: 1 })
  assert.equal(requests.length, 3)
  await requests[2].answer({ n: 2 })
  assert.deepEqual(await both, [{ n: 2 }, { n: 2 }])
})

test("refetch whose answer goes stale resolves with the next", async () => {
  const { registerContext, store } = kernel()
  const fetched = registerContext("board").refetch()
  await settled()
  store.invalidate("board")
  await settled()
  await requests[0].answer({ n: 1 })
  await requests[1].answer({ n: 2 })
  assert.deepEqual(await fetched, { n: 2 })
})

test("refetch rejects with its own failure, and waits for no retry", async () => {
  const entry = await watched({ n: 0 })
  const failed = assert.rejects(entry.refetch(), { name: "MizanError", code: "network" })
  await settled()
  requests[1].fail()
  await failed
  const next = entry.refetch()
  await settled()
  await requests[2].answer({ n: 1 })
  assert.deepEqual(await next, { n: 1 })
})

test("mizanFetch brings fresh data and leaves nothing behind", async () => {
  const { mizanFetch, registerContext, store } = kernel()
  const both = Promise.all([mizanFetch("board"), mizanFetch("board")])
  await settled()
  assert.equal(requests.length, 1)
  await requests[0].answer({ n: 1 })
  assert.deepEqual(await both, [{ n: 1 }, { n: 1 }])
  const failed = assert.rejects(mizanFetch("board"), { code: "not_found", status: 404 })
  await settled()
  await requests[1].answer(fault("not_found"), {}, 404)
  await failed
  assert.equal(registerContext("board").getState().status, "idle")
  store.invalidate("*")
  mock.timers.tick(60_000)
  await settled()
  assert.equal(requests.length, 2)
})

test("mizanFetch does not take an answer that was asked for before it, and brings all the newer one", async () => {
  const entry = await watched()
  const fetched = entry.mizanFetch("board", { board_id: "3" })
  await settled()
  await requests[0].answer({ n: 0 })
  await requests[1].answer({ n: 1 })
  assert.deepEqual([await fetched, entry.getState().data], [{ n: 1 }, { n: 1 }])
})

for (const header of [undefined, "board;board_id=3"]) {
  test(`what a call made stale is refetched once, ${header ? "said twice" : "also where a proxy took the header"}`, async () => {
    // case R-19
    const entry = await watched({ n: 0 })
    const invalidate = [{ context: "board", params: { board_id: 3 } }]
    const headers = header ? { "X-Mizan-Invalidate": header } : {}
    answering(Response.json({ result: 1, invalidate }, { headers }), Response.json({ n: 1 }))
    const marked = mock.method(entry.store, "mark")
    assert.equal(await createCall(entry.store)("add"), 1)
    await settled()
    assert.equal(marked.mock.callCount(), 1)
    assert.deepEqual(entry.getState().data, { n: 1 })
  })
}

test("where there is no document a 401 is an error like others", async () => {
  stub("document", undefined)
  const failed = assert.rejects(kernel().mizanFetch("inbox"), { code: "unauthenticated", status: 401 })
  await settled()
  await requests[0].answer(fault("unauthenticated"), {}, 401)
  await failed
})
