// The adapters where there is no document: in Node, as a server renders.

import assert from "node:assert/strict"
import { afterEach, beforeEach, test } from "node:test"

import { createElement as h } from "react"
import { renderToString as renderReact } from "react-dom/server"
import { get } from "svelte/store"
import { createSSRApp } from "vue"
import { renderToString as renderVue } from "vue/server-renderer"

import { configure, registerContext } from "../../../mizan_htmx/static/mizan_htmx/kernel.js"
import * as react from "../../../mizan_htmx/static/mizan_htmx/react.js"
import { contextData } from "../../../mizan_htmx/static/mizan_htmx/svelte.js"
import * as vue from "../../../mizan_htmx/static/mizan_htmx/vue.js"
import { holdServer, look, settled } from "./page.js"

let server
beforeEach(() => {
  server = holdServer()
  configure({ base: "http://here/api/mizan/" })
})
afterEach(() => {
  delete globalThis.__MIZAN_SSR_DATA__
})

const give = (open) => {
  globalThis.__MIZAN_SSR_DATA__ = { "board;board_id=3": { status: 200, etag: "e", data: { open } } }
}
const show = ({ status, data }) => `${status} ${data?.open}`
const Board = () => show(react.useContextData("board", { board_id: 3 }))
const VueBoard = {
  setup() {
    const { status, data } = vue.useContextData("board", { board_id: 3 })
    return () => show({ status: status.value, data: data.value })
  },
}

test("there is no document here", () => assert.equal(globalThis.document, undefined))

test("React renders what the page is given, each page its own, and fetches nothing", async () => {
  assert.equal(renderReact(h(Board)), "idle undefined")
  for (const open of [1, 2]) {
    give(open)
    assert.equal(renderReact(h(Board)), `success ${open}`)
  }
  await settled()
  assert.deepEqual(server.asked, [])
})

test("Vue renders what the page is given, each page its own, and fetches nothing", async () => {
  for (const open of [1, 2]) {
    give(open)
    assert.equal(await renderVue(createSSRApp(VueBoard)), `success ${open}`)
  }
  assert.deepEqual(server.asked, [])
})

test("Vue awaits what the page is not given, and keeps nothing of it", async () => {
  for (const open of [1, 2]) {
    const html = renderVue(createSSRApp(VueBoard))
    await settled()
    await server.answer({ open })
    assert.equal(await html, `success ${open}`)
    assert.equal(look({ registerContext }, "board", { board_id: 3 }).status, "idle")
  }
  assert.equal(server.asked.length, 2)
})

test("Svelte renders what the page is given, each page its own, and fetches nothing", async () => {
  for (const open of [1, 2]) {
    give(open)
    assert.equal(show(get(contextData("board", { board_id: 3 }))), `success ${open}`)
    await settled()
  }
  assert.deepEqual(server.asked, [])
})
