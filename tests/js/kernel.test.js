// The kernel: one of a page, whoever brings it; and no page at all, in Node.

import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"

import { openPage, stub } from "./stubs.js"

const AT = "../../mizan_htmx/static/mizan_htmx"
const PUBLIC = "MizanError,configure,initSession,invalidate,mizanCall,mizanFetch,registerContext".split(",")
const PLACE = Symbol.for("mizan.kernel")

let loads = 0
/** A script as a page that was just loaded has it. */
const load = (name) => import(`${AT}/${name}?${++loads}`)

beforeEach(() => {
  delete globalThis[PLACE]
  delete globalThis.document
})

for (const name of ["src/mizan.js", "mizan.js", "kernel.js"]) {
  test(`${name} imported where there is no document throws nothing and starts no bridge`, async () => {
    assert.equal(globalThis.document, undefined)
    const mizan = await load(name)
    assert.deepEqual(Object.keys(mizan).sort(), PUBLIC)
    assert.equal(globalThis[PLACE].bridge, undefined)
    assert.doesNotThrow(() => mizan.invalidate("*"))
    assert.ok(new mizan.MizanError() instanceof Error)
  })
}

test("a second script shares the kernel of the first", async () => {
  // case F-16
  openPage()
  const [first, second, kernel] = [await load("mizan.js"), await load("mizan.min.js"), globalThis[PLACE]]
  const { kernel: bundled } = await load("src/shared.js")
  assert.equal(bundled, kernel)
  assert.equal(first.invalidate, second.invalidate)
  const sent = []
  kernel.store.source(() => [{ keys: [{ name: "a", params: new Map() }] }], (bindings) => sent.push(bindings.length))
  second.invalidate("*")
  await null
  assert.deepEqual(sent, [1])
})

test("scripts that share a kernel share what it knows: entries, and the class of errors", async () => {
  // case F-16
  openPage()
  const [first, second] = [await load("kernel.js"), await load("mizan.min.js")]
  assert.equal(first.MizanError, second.MizanError)
  const entries = [first, second].map(({ registerContext }) => registerContext("inbox", { user: 5 }))
  assert.equal(entries[0].getState(), entries[1].getState())
  stub("fetch", async () => new Response("{}", { status: 503, headers: { "Content-Type": "application/json" } }))
  const failed = await entries[1].refetch().catch((error) => error)
  assert.ok(failed instanceof first.MizanError)
  assert.equal(entries[0].getState().error, failed)
})

test("what configure() says holds for every copy that a bundle has of the script's modules", async () => {
  const [first, second] = [await load("src/page.js"), await load("src/page.js")]
  first.configure({ base: "/elsewhere/" })
  const said = second.base()
  first.configure({ base: undefined })
  assert.equal(said, "/elsewhere/")
  assert.equal(second.base(), "/api/mizan/")
})

test("where there is no document entries are there, idle or with the data that was put in reach", async () => {
  const { registerContext } = await load("kernel.js")
  assert.equal(registerContext("inbox").getState().status, "idle")
  globalThis.__MIZAN_SSR_DATA__ = { news: { status: 200, etag: "e", data: { n: 1 } } }
  const entry = registerContext("news")
  delete globalThis.__MIZAN_SSR_DATA__
  assert.deepEqual(entry.getState(), { status: "success", data: { n: 1 }, error: undefined })
})

test("beside an older kernel that lacks a function a script says so and keeps its own", async () => {
  // case F-16
  const old = { version: "0.0.9", store: {}, configure() {}, initSession() {}, invalidate() {} }
  globalThis[PLACE] = old
  const warn = mock.method(console, "warn", () => {})
  const { registerContext } = await load("kernel.js")
  warn.mock.restore()
  assert.equal(registerContext("inbox").getState().status, "idle")
  assert.deepEqual([warn.mock.callCount(), globalThis[PLACE]], [1, old])
})

test("the kernel says its version", async () => {
  const { kernel } = await load("src/shared.js")
  assert.match(kernel.version, /^\d+\.\d+\.\d+$/)
})

for (const [there, warned] of [
  ["0.99.3", 0],
  ["1.0.0", 1],
  ["10.0.0", 1],
]) {
  test(`beside a kernel ${there} a script ${warned ? "warns and keeps its own" : "shares it in silence"}`, async () => {
    // case F-16
    const stranger = { version: there, store: {}, ...Object.fromEntries(PUBLIC.map((name) => [name, () => {}])) }
    globalThis[PLACE] = stranger
    const warn = mock.method(console, "warn", () => {})
    const { kernel } = await load("src/shared.js")
    warn.mock.restore()
    assert.equal(kernel === stranger, !warned)
    assert.equal(globalThis[PLACE], stranger)
    assert.equal(warn.mock.callCount(), warned)
    if (warned) assert.match(warn.mock.calls[0].arguments[0], new RegExp(`mizan ${kernel.version} beside ${there}`))
  })
}
