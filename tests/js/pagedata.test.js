// Data that came with the page: who begins with it, and what is no data.

import assert from "node:assert/strict"
import { afterEach, beforeEach, test } from "node:test"

import { holding, kernel, openPage, settled, stub } from "./stubs.js"

const GIVEN = "__MIZAN_SSR_DATA__"
let requests
beforeEach(() => {
  openPage()
  requests = holding()
})
afterEach(() => delete globalThis[GIVEN])

const state = (status, data, error) => ({ data, status, error })
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
