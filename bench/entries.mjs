// Prints how many microseconds one scoped invalidation takes that reaches 1 of 100,000 entries, ours
// and a QueryClient's, taken in turn in one process.
import assert from "node:assert/strict"

import { QueryClient } from "@tanstack/query-core"

import { createEntries } from "../mizan_htmx/static/mizan_htmx/src/entries.js"
import { fromHeader } from "../mizan_htmx/static/mizan_htmx/src/keys.js"
import { createStore } from "../mizan_htmx/static/mizan_htmx/src/store.js"

const ENTRIES = 100_000
const ROUNDS = 21
const EACH = 200 // of ours; the peer does one a round

const store = createStore()
const { registerContext } = createEntries(store)
const client = new QueryClient()
for (let board_id = 0; board_id < ENTRIES; board_id++) {
  registerContext("board", { board_id, page: 1 })
  client.setQueryData(["board", { board_id, page: 1 }], {})
}

const stale = () => client.getQueryCache().findAll({ predicate: ({ state }) => state.isInvalidated }).length
await client.invalidateQueries({ queryKey: ["board", { board_id: 77 }] })
assert.equal(stale(), 1)
assert.equal(store.mark(fromHeader("board;board_id=77")).length, 1)

async function timed(each, act) {
  const start = performance.now()
  for (let turn = 0; turn < each; turn++) await act((turn * 7919 + 13) % ENTRIES)
  return ((performance.now() - start) * 1000) / each
}

const [ours, peer] = [[], []]
for (let round = 0; round < ROUNDS; round++) {
  ours.push(await timed(EACH, (id) => store.invalidate(`board;board_id=${id}`)))
  peer.push(await timed(1, () => client.invalidateQueries({ queryKey: ["board", { board_id: 1000 + round }] })))
}
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]
console.log(JSON.stringify({ ours: median(ours), peer: median(peer), ratio: median(peer) / median(ours) }))
