// Prints how many microseconds it takes to mark, of 1,000 bindings, those that 10 keys reach.
import assert from "node:assert/strict"

import { parse } from "../mizan_htmx/static/mizan_htmx/src/keys.js"
import { createStore } from "../mizan_htmx/static/mizan_htmx/src/store.js"

const ROUNDS = 100
const EACH = 20
const of = (length, make) => Array.from({ length }, (_, number) => make(number))

const store = createStore()
const bindings = of(1000, (card) => ({ keys: parse(`card;card_id=${card}, board;board_id=${card % 20}`) }))
store.source(() => bindings, () => {})
const keys = parse(of(10, (number) => `card;card_id=${number * 100}`).join(", "))
assert.equal(store.mark(keys).length, 10)

const took = of(ROUNDS + 1, () => {
  const start = performance.now()
  for (let turn = 0; turn < EACH; turn++) store.mark(keys)
  return ((performance.now() - start) * 1000) / EACH
}).slice(1) // the first one warms up
console.log(took.sort((a, b) => a - b)[ROUNDS / 2])
