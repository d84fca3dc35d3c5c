// Not a test: prints by how many bytes the heap grows when 10,000 islands come and go.

import { freshOf, kernel, openPage, settled, stub } from "./stubs.js"

openPage()
const { registerContext, store } = kernel()
const answers = []
stub("fetch", (url) => new Promise((answer) => answers.push([url, answer])))

async function mount(count) {
  for (let i = 0; i < count; i++) {
    const entry = registerContext("board", { board_id: i, text: `${"x".repeat(100)}${i}` })
    const undo = entry.subscribe(() => {})
    if (i % 3 === 1) await null // its fetch is under way
    if (i % 2) undo()
    entry.unregister()
  }
  await settled()
  for (const [url, answer] of answers.splice(0)) answer(Response.json(freshOf(url, { columns: [] })))
  store.invalidate("*")
  await settled()
}

async function heap() {
  for (let i = 0; i < 3; i++) {
    await settled()
    gc()
  }
  return process.memoryUsage().heapUsed
}

await mount(2_000)
const before = await heap()
await mount(10_000)
console.log((await heap()) - before)
