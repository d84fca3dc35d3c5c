// Not a test: a page made by jsdom, a server that answers when it is told to, and bundles.

import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, mock } from "node:test"
import { fileURLToPath } from "node:url"

import { build } from "esbuild"
import { JSDOM } from "jsdom"

import { settled, stub } from "../stubs.js"

export const STATIC = fileURLToPath(new URL("../../../mizan_htmx/static/mizan_htmx/", import.meta.url))

export { settled }

/** Open an empty page. Returns its body. */
export function openPage() {
  const { window } = new JSDOM("<!doctype html><body></body>", { url: "http://here/boards/", pretendToBeVisual: true })
  const classes = Object.getOwnPropertyNames(window).filter((name) => /^[A-Z]/.test(name) && !(name in globalThis))
  const others = ["document", "location", "sessionStorage", "navigator", "CustomEvent", "Event"]
  for (const name of [...classes, ...others]) stub(name, window[name])
  stub("window", window)
  for (const name of ["addEventListener", "reportError"]) stub(name, window[name]?.bind(window) ?? console.error)
  return document.body
}

/** A server whose requests wait: `asked` are their URLs, `answer(body, status)` answers the oldest that waits. */
export function holdServer() {
  const server = { asked: [], waiting: [] }
  const fetch = (url) =>
    new Promise((resolve) => {
      server.asked.push(`${url}`.replace(/^.*\/api\/mizan\//, ""))
      server.waiting.push(resolve)
    })
  stub("fetch", fetch)
  server.answer = async (body, status = 200, nth = 0, more = {}) => {
    const [resolve] = server.waiting.splice(nth, 1)
    assert.ok(resolve, "nothing waits for an answer")
    resolve(new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...more } }))
    await settled()
  }
  return server
}

/** Collect what the frameworks warn of; none is expected. */
export function listen() {
  const said = []
  for (const level of ["warn", "error"]) {
    mock.method(console, level, (...words) => said.push(words.join(" ")))
  }
  return said
}

/** Put contexts into the page, as {% mizan_data %} does. Returns its undo. */
export function sendData(contexts) {
  const script = document.createElement("script")
  script.type = "application/json"
  script.id = "__MIZAN_SSR_DATA__"
  script.textContent = JSON.stringify(contexts)
  document.body.append(script)
  return () => script.remove()
}

/** What an entry of a context holds now, looked at without holding it. */
export function look({ registerContext }, name, params) {
  const entry = registerContext(name, params)
  entry.unregister()
  return entry.getState()
}

/** Modules as a bundler puts them together, imported, with a kernel of their own; `alias` replaces packages. */
export async function bundle(lines, alias = {}, options = {}) {
  const { outputFiles } = await build({
    stdin: { contents: lines.join("\n"), resolveDir: STATIC },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    alias,
    ...options,
  })
  const folder = mkdtempSync(join(tmpdir(), "mizan-"))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, "bundle.cjs")
  writeFileSync(file, outputFiles[0].text)
  delete globalThis[Symbol.for("mizan.kernel")]
  return createRequire(import.meta.url)(file)
}
