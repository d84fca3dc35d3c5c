// One entry: which answer counts, what a failure does, what came with the page.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { answering, holding, kernel, openPage, settled, stub } from "./stubs.js"
import { createCall, MizanError } from "../../mizan_htmx/static/mizan_htmx/src/transport.js"

const GIVEN = "__MIZAN_SSR_DATA__"
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
  delete globalThis[GIVEN]
})

const state = (status, data, error) => ({ data, status, error })
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
    entry.store.retry()
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
  entry.store.retry()
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
    const marked = mock.method(entry.store, "invalidate")
    assert.equal(await createCall(entry.store)("add"), 1)
    await settled()
    assert.equal(marked.mock.callCount(), 1)
    assert.deepEqual(entry.getState().data, { n: 1 })
  })
}

const json = () => ({ headers: { "Content-Type": "application/json" } })
const item = (data, etag = "g1") => ({ status: 200, etag, data })

/** Put script elements into the page. */
function put(...texts) {
  const elements = texts.map((textContent) => ({ textContent }))
  document.querySelectorAll = (selector) => (selector === `script#${GIVEN}` ? elements : [])
}

test("what came with the page is there at once, and fetched by nobody", async () => {
  put(JSON.stringify({ "board;board_id=3": item({ n: 1 }) }), JSON.stringify({ 'a;x=%"caf%c3%a9";y=?1': item({ n: 2 }) }))
  globalThis[GIVEN] = { "inbox;user=null": item({ n: 3 }) }
  const { registerContext, store } = kernel()
  const named = [["board", { board_id: "3" }], ["a", { y: true, x: "café" }], ["inbox", { user: null }]]
  for (const [i, [name, params]] of named.entries()) {
    const entry = registerContext(name, params)
    entry.subscribe(() => {})
    await settled()
    assert.deepEqual(entry.getState(), state("success", { n: i + 1 }))
    entry.unregister()
    assert.equal(registerContext(name, params).getState(), entry.getState(), "also for who comes later")
  }
  assert.deepEqual(requests, [])
  registerContext("board", { board_id: 3 }).subscribe(() => {})
  store.invalidate("board;board_id=3")
  await settled()
  assert.equal(requests[0].tag, '"g1"')
})

test("what went stale before anybody registered is fetched", async () => {
  // case F-3
  put(JSON.stringify({ "board;board_id=3": item(1), inbox: item(2) }))
  const { registerContext, store } = kernel()
  store.invalidate("board;board_id=3")
  registerContext("board", { board_id: 3 }).subscribe(() => {})
  registerContext("inbox").subscribe(() => {})
  await settled()
  assert.deepEqual(requests.map(({ url }) => url), ["/api/mizan/ctx/board/?board_id=3"])
})

test("what was fetched since is what a later one begins with", async () => {
  put(JSON.stringify({ inbox: item({ n: 1 }) }))
  const { mizanFetch, registerContext } = kernel()
  const fetched = mizanFetch("inbox")
  await settled()
  await requests[0].answer({ n: 2 })
  await fetched
  assert.deepEqual(registerContext("inbox").getState(), state("success", { n: 2 }))
})

test("data that comes later, with another page, is for entries that nobody watches", async () => {
  put(JSON.stringify({ inbox: item(1), news: item(1) }))
  const { registerContext } = kernel()
  const [inbox, news] = ["inbox", "news"].map((name) => registerContext(name))
  inbox.subscribe(() => {})
  put(JSON.stringify({ inbox: item(2), news: item(2, "g2") }))
  registerContext("other")
  assert.deepEqual([inbox.getState().data, news.getState().data], [1, 2])
})

const NONE = ["", "{", "null", "5", "[]", '"inbox"', '{"inbox": null}', '{"inbox": {"status": 403}}', '{"inbox": {"status": 304}}']
for (const text of NONE) {
  test(`${text || "nothing"} is no data, and what stands beside it is`, async () => {
    put(text, '{"!!": 1, "__proto__": {"status": 200, "data": 1}, "news": {"status": 200, "etag": "e", "data": 1}}')
    const { registerContext } = kernel()
    assert.equal(registerContext("inbox").getState().status, "idle")
    assert.deepEqual(registerContext("news").getState(), state("success", 1))
    assert.equal(registerContext("toString").getState().status, "idle")
  })
}

test("the script elements that a browser gives under the name are no data", () => {
  globalThis[GIVEN] = Object.assign(["a", "b"], { length: 2, [Symbol.iterator]: undefined })
  assert.equal(kernel().registerContext("inbox").getState().status, "idle")
})

test("data of a key that leaves a parameter out is for nobody who names it", () => {
  put(JSON.stringify({ chart: item(1) }))
  assert.equal(kernel().registerContext("chart", { ratio: 1.5 }).getState().status, "idle")
})

test("where there is no document each page's data is its own", () => {
  stub("document", undefined)
  const { registerContext } = kernel()
  assert.deepEqual(registerContext("inbox").getState(), state("idle"))
  for (const user of ["one", "other"]) {
    globalThis[GIVEN] = { mine: item(user), [user]: item(user) }
    const entry = registerContext("mine")
    assert.deepEqual(entry.getState(), state("success", user))
    entry.unregister()
  }
  assert.equal(registerContext("one").getState().status, "idle")
})

test("where there is no document a 401 is an error like others", async () => {
  stub("document", undefined)
  const failed = assert.rejects(kernel().mizanFetch("inbox"), { code: "unauthenticated", status: 401 })
  await settled()
  await requests[0].answer(fault("unauthenticated"), {}, 401)
  await failed
})
