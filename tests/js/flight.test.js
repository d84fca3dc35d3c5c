// A call says what the page shows, and its answer brings what of that it made stale.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { mounted } from "../../mizan_htmx/static/mizan_htmx/src/fresh.js"
import { createCall } from "../../mizan_htmx/static/mizan_htmx/src/transport.js"
import { holding, itemsOf, kernel, openPage, settled } from "./stubs.js"

let requests
beforeEach(() => {
  openPage()
  requests = holding()
  mock.timers.enable({ apis: ["setTimeout"] })
})
afterEach(() => mock.timers.reset())

const told = (keys) => ({ "X-Mizan-Invalidate": keys })
const fresh = (items) => ({ contexts: Object.fromEntries(Object.entries(items).map(([text, n]) => [text, found(n)])) })
const found = (n) => ({ status: 200, etag: `e${n}`, data: { n } })

/** Islands of these contexts, which show { n: 0 }, and calls of the page. Answered requests are forgotten. */
async function islands(...names) {
  const { store, registerContext } = kernel()
  store.mounted = () => mounted(store)
  const entries = {}
  for (const name of names) {
    const [context, board_id] = name.split(" ")
    entries[name] = registerContext(context, board_id && { board_id })
    entries[name].subscribe(() => {})
    await settled()
    await requests.pop().answer({ n: 0 }, { ETag: '"e0"' })
  }
  const shown = () => names.map((name) => entries[name].getState().data.n)
  return { store, call: createCall(store), entries, shown }
}

/** A response whose body comes as `text` does. */
const json = (headers, text) =>
  Object.assign(new Response("{}", { headers: { "Content-Type": "application/json", ...headers } }), { text: () => text })

/** Reply with a header. Returns what lets the body follow. */
function replyHead(request, keys) {
  let go
  const text = new Promise((resolve) => (go = resolve))
  request.reply(json(told(keys), text))
  return (body) => go(JSON.stringify(body))
}

const urls = () => requests.flatMap(({ url }) => itemsOf(url))

test("a call says what the page shows: what somebody watches, without etags", async () => {
  const { call, store } = await islands("board 3", "inbox")
  call("add")
  await settled()
  assert.equal(requests[0].init.headers["X-Mizan-Mounted"], 'c=board%3Bboard_id%3D%25%223%22&c=inbox')
  store.shown().at(-1).item = () => undefined
  call("add")
  await settled()
  assert.equal(requests[1].init.headers["X-Mizan-Mounted"], "c=board%3Bboard_id%3D%25%223%22")
})

test("a call of a page that shows nothing says nothing of it", async () => {
  const { call } = await islands()
  call("add")
  await settled()
  assert.equal("X-Mizan-Mounted" in requests[0].init.headers, false)
})

test("what a call's answer brings is used instead of a request", async () => {
  const { call, shown } = await islands("board", "inbox", "other")
  const result = call("add")
  await settled()
  await requests[0].answer({ result: 7, fresh: fresh({ board: 1, inbox: 2 }) }, told("board, inbox"))
  assert.equal(await result, 7)
  assert.deepEqual(shown(), [1, 2, 0])
  assert.equal(requests.length, 1, "one fetch in all")
})

test("also where a proxy took the header", async () => {
  // case R-19
  const { call, shown } = await islands("board")
  call("add")
  await settled()
  await requests[0].answer({ result: 7, invalidate: ["board"], fresh: fresh({ board: 1 }) })
  assert.deepEqual([shown(), requests.length], [[1], 1])
})

test("the next refetch says the etag that the call brought", async () => {
  const { call, store, shown } = await islands("board")
  call("add")
  await settled()
  await requests[0].answer({ result: 7, fresh: fresh({ board: 1 }) }, told("board"))
  store.invalidate("board")
  await settled()
  assert.equal(requests[1].tag, '"e1"')
  await requests[1].answer({ n: 2 })
  assert.deepEqual(shown(), [2])
})

test("what the answer did not bring, or not well, is fetched; what is not stale is neither taken nor fetched", async () => {
  const { call, shown } = await islands("board", "inbox", "other")
  call("add")
  await settled()
  const brought = fresh({ board: 1, other: 9 })
  brought.contexts.inbox = { status: 500 }
  await requests[0].answer({ result: 7, fresh: brought }, told("board, inbox"))
  assert.deepEqual(urls().slice(1), ["inbox/?"])
  await requests[1].answer({ n: 2 })
  assert.deepEqual(shown(), [1, 2, 0])
})

for (const [what, reply] of [
  ["breaks off", (request, headers) => request.reply(json(headers, Promise.reject(TypeError("cut"))))],
  ["is no JSON", (request, headers) => request.reply(json(headers, Promise.resolve("{")))],
  ["is an error", (request, headers) => request.answer({ error: { code: "invalid" } }, headers, 422)],
  ["is text", (request, headers) => request.reply(new Response("done", { headers: { ...headers, "Content-Type": "text/plain" } }))],
]) {
  test(`what the header says is refetched, once, where the body ${what}`, async () => {
    // cases I-4, F-4
    const { call, shown } = await islands("board", "inbox")
    call("add").catch(() => {})
    await settled()
    await reply(requests[0], told("board"))
    await settled()
    assert.deepEqual(urls().slice(1), ["board/?"])
    await requests[1].answer({ n: 1 })
    assert.deepEqual(shown(), [1, 0])
  })
}


test("what the header says is not shown any more while the body is read", async () => {
  // case INV-5
  const { call, store, shown } = await islands("board")
  store.invalidate("board")
  await settled()
  call("add")
  await settled()
  const go = replyHead(requests[1], "board")
  await settled()
  await requests[0].answer({ n: "old" })
  assert.deepEqual(shown(), [0])
  assert.equal(requests.length, 2, "nothing is asked for that the body may bring")
  go({ result: 1, fresh: fresh({ board: 1 }) })
  await settled()
  assert.deepEqual([shown(), requests.length], [[1], 2])
})

test("of two calls whose replies change places the older one brings nothing", async () => {
  // cases F-1, INV-5
  const { call, shown } = await islands("board")
  call("first")
  call("second")
  await settled()
  await requests[1].answer({ result: 2, fresh: fresh({ board: 2 }) }, told("board"))
  assert.deepEqual(shown(), [2])
  await requests[0].answer({ result: 1, fresh: fresh({ board: 1 }) }, told("board"))
  assert.deepEqual(shown(), [2])
  assert.equal(requests.length, 3, "it was told of it: it asks")
  await requests[2].answer({ n: 2 })
  assert.deepEqual(shown(), [2])
})

test("what goes stale between a call's header and its body is not shown by it", async () => {
  // case INV-5
  const { call, store, shown } = await islands("board")
  call("add")
  await settled()
  const go = replyHead(requests[0], "board")
  await settled()
  store.invalidate("board", "tab")
  await settled()
  go({ result: 1, fresh: fresh({ board: 1 }) })
  await settled()
  assert.deepEqual(shown(), [0])
  await requests.at(-1).answer({ n: 2 })
  assert.deepEqual(shown(), [2])
})

test("what went stale after the call was sent is not brought by it, though it was refetched since", async () => {
  // case INV-5
  const { call, store, shown } = await islands("board", "inbox")
  call("add")
  await settled()
  store.invalidate("board", "tab")
  await settled()
  await requests[1].answer({ n: 1 })
  await requests[0].answer({ result: 1, fresh: fresh({ board: 9, inbox: 1 }) }, told("board, inbox"))
  assert.deepEqual(shown(), [1, 1])
  await requests.at(-1).answer({ n: 2 })
  assert.deepEqual([shown(), requests.length], [[2, 1], 3])
})
