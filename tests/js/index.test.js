// Bindings by key: what is found is what the keys reach, and hardly more is looked at.

import assert from "node:assert/strict"
import { test } from "node:test"

import { createIndex } from "../../mizan_htmx/static/mizan_htmx/src/index.js"
import { covers, key, parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"

const bindings = [{ keys: [key("board")] }, { keys: [key("inbox")] }]
for (let id = 0; id < 500; id++) {
  bindings.push({ keys: [key("board", { board_id: id, page: id % 2 })] }, { keys: [key("inbox", { user: id, board_id: id })] })
}
const { add, find } = createIndex()
const undos = bindings.map(add)

/** What keys reach, by looking at all, and how many the index looks at. */
function look(text) {
  const keys = parse(text)
  const reached = (binding) => keys.some((stale) => covers(stale, binding.keys[0]))
  let looked = 0
  const found = find((binding) => (looked++, reached(binding)), keys)
  return { found: new Set(found), expected: new Set(bindings.filter(reached)), looked }
}

const LOOKED = [
  ["board;board_id=77;page=1", 2],
  ["board;page=1;board_id=77", 2],
  ["board;board_id=77", 2],
  ["board;board_id=77;page=0", 2],
  ["board;board_id=9999", 1],
  ["board;board_id=3;other=1, inbox;user=4", 5],
  ["board;page=1", 251],
  ["board", 501],
  ["nothing", 0],
  ["*", 1002],
  ["*;page=1", 1002],
]
for (const [text, most] of LOOKED) {
  test(`${text} looks at ${most}`, () => {
    const { found, expected, looked } = look(text)
    assert.deepEqual(found, expected)
    assert.ok(looked <= most, `${looked}`)
  })
}

test("what was taken out is found no more", () => {
  for (const undo of undos) undo()
  assert.equal(look("*").looked, 0)
})
