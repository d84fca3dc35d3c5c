// Entries that wait: whom nobody watches, who comes late, whose failure counts.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { holding, kernel, openPage, stopClock, turn } from "./stubs.js"

let pass
let requests
beforeEach(() => {
  openPage()
  pass = stopClock()
  requests = holding()
})
afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

/** An entry, its store, and what it refetches. `watch` subscribes; `tell` invalidates. */
function board() {
  const { registerContext, mizanFetch, store } = kernel()
  const entry = registerContext("board")
  const watch = async () => {
    const undo = entry.subscribe(() => {})
    await turn()
    return undo
  }
  const tell = async () => {
    store.invalidate("board")
    await turn()
  }
  return { ...entry, store, mizanFetch, watch, tell }
}

const broken = (request, status = 503) => request.answer({ error: { code: "internal" } }, {}, status)

for (const status of [503, 404, 403]) {
  test(`whoever comes back to what failed with ${status} tries at once, however long after`, async () => {
    // case F-11
    const { watch } = board()
    const undo = await watch()
    await broken(requests[0], status)
    undo()
    await pass(700)
    await watch()
    assert.equal(requests.length, 2)
  })
}

test("what went stale while nobody watched is fetched by who comes, though a fetch is under way", async () => {
  // cases F-3, F-24
  const { watch, tell, getState } = board()
  const undo = await watch()
  undo()
  await tell()
  await pass(700)
  await watch()
  assert.equal(requests.length, 2)
  await requests[0].answer({ n: "old" })
  await requests[1].answer({ n: 1 })
  assert.deepEqual(getState().data, { n: 1 })
})

test("however often it went stale while nobody watched, the first who comes waits for nothing", async () => {
  // case F-8
  const { watch, tell } = board()
  for (let i = 0; i < 5; i++) {
    await tell()
    await pass(300)
  }
  assert.equal(requests.length, 0)
  await watch()
  assert.equal(requests.length, 1)
})

test("what failed twice just now is tried at once when something says that it may work", async () => {
  // case F-11
  const { watch, tell, store } = board()
  await watch()
  await broken(requests[0])
  await pass(300)
  await tell()
  await broken(requests[1])
  await pass(300)
  store.invalidate("*", "returned")
  await turn()
  assert.equal(requests.length, 3)
})

test("what failed is over: half a second of patience begins with the next fetch", async () => {
  // cases F-24, INV-5
  const { watch, tell, getState } = board()
  await watch()
  await broken(requests[0], 404)
  await pass(700)
  for (let i = 0; i < 2; i++) await tell()
  await requests[1].answer({ n: "old" })
  assert.equal(getState().data, undefined)
  await requests[2].answer({ n: 1 })
  assert.deepEqual(getState().data, { n: 1 })
})

test("nor do failures count as fetches that are under way: one more goes at once", async () => {
  // case F-2
  const { watch, tell } = board()
  await watch()
  for (const request of [0, 1]) {
    await broken(requests[request])
    await pass(300)
    await tell()
  }
  assert.equal(requests.length, 3)
  await pass(700)
  await tell()
  assert.equal(requests.length, 4)
})

test("one write during a slow fetch is no storm: nothing from before it is shown", async () => {
  // cases F-24, INV-5
  const { watch, tell, getState } = board()
  await watch()
  await requests[0].answer({ n: 0 })
  await tell()
  await pass(550)
  await tell()
  await pass(50)
  await requests[1].answer({ n: "old" })
  assert.deepEqual(getState().data, { n: 0 })
  await requests[2].answer({ n: 1 })
  assert.deepEqual(getState().data, { n: 1 })
})

/** An entry that shows 0 and is starved, with two fetches under way: the promise is that of the second. */
async function starved() {
  const all = board()
  await all.watch()
  await requests[0].answer({ n: 0 })
  await all.tell()
  const promise = all.refetch()
  await pass(600)
  assert.equal(requests.length, 3)
  return { ...all, promise }
}

test("a late failure says nothing, also to those who have waited for long", async () => {
  // cases F-1, F-24
  const { promise, getState } = await starved()
  await broken(requests[1], 403)
  assert.deepEqual([getState().status, getState().data], ["success", { n: 0 }])
  await requests[2].answer({ n: 2 })
  assert.deepEqual(await promise, { n: 2 })
  await pass(60_000, 1_000)
  assert.equal(requests.length, 3)
})

test("what is shown though it is late is not what somebody waits for", async () => {
  // case F-24
  const { promise, getState } = await starved()
  await requests[1].answer({ n: 1 })
  assert.deepEqual(getState().data, { n: 1 })
  await requests[2].answer({ n: 2 })
  assert.deepEqual(await promise, { n: 2 })
})

test("mizanFetch is not put off by who fetched just before", async () => {
  // case F-8
  const { mizanFetch } = board()
  const all = []
  for (let i = 0; i < 4; i++) {
    all.push(mizanFetch("board"))
    await turn()
  }
  await pass(200, 10)
  for (const request of requests) await request.answer({ n: 1 })
  assert.deepEqual(await Promise.all(all), Array(4).fill({ n: 1 }))
})
