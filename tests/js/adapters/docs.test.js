// The components of docs/islands.md: compiled, mounted and used.

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeEach, test } from "node:test"

import { compile as compileSvelte } from "svelte/compiler"
import { compileScript, parse } from "vue/compiler-sfc"

import { bundle, holdServer, openPage, settled, STATIC } from "./page.js"

const PAGE = readFileSync(new URL("../../../docs/islands.md", import.meta.url), "utf8")
const FRAMEWORKS = {
  jsx: {
    compile: (source) => `import * as React from "react"\n${source}`,
    mount: [
      `import { createElement } from "react"`,
      `import { createRoot } from "react-dom/client"`,
      `import { flushSync } from "react-dom"`,
      `import { Shelf } from "example"`,
      `export const mount = (target, props) => flushSync(() => createRoot(target).render(createElement(Shelf, props)))`,
    ],
  },
  vue: {
    compile: (source) => compileScript(parse(source).descriptor, { id: "shelf", inlineTemplate: true }).content,
    mount: [
      `import { createApp } from "vue"`,
      `import Shelf from "example"`,
      `export const mount = (target, props) => createApp(Shelf, props).mount(target)`,
    ],
  },
  svelte: {
    compile: (source) => compileSvelte(source, { generate: "client" }).js.code,
    mount: [
      `import { mount as render } from "svelte"`,
      `import Shelf from "example"`,
      `export const mount = (target, props) => render(Shelf, { target, props })`,
    ],
  },
}

/** The example as a module, and the adapters where it says that they were copied to. */
const example = (contents) => ({
  name: "example",
  setup(build) {
    build.onResolve({ filter: /^example$/ }, ({ path }) => ({ path, namespace: "example" }))
    build.onResolve({ filter: /^\.\/mizan\// }, ({ path }) => ({ path: join(STATIC, path.slice("./mizan/".length)) }))
    build.onLoad({ filter: /./, namespace: "example" }, () => ({ contents, loader: "jsx", resolveDir: STATIC }))
  },
})

const blocks = [...PAGE.matchAll(/^```(jsx|vue|svelte)\n(.*?)^```$/gms)]

test("there is an example for each framework", () => {
  assert.deepEqual(blocks.map(([, language]) => language), Object.keys(FRAMEWORKS))
})

let server
beforeEach(() => {
  openPage()
  server = holdServer()
})

for (const [, language, source] of blocks) {
  test(`the ${language} example shows a shelf, and lends a book`, async () => {
    const { compile, mount } = FRAMEWORKS[language]
    const plugins = [example(compile(source))]
    const module = await bundle(mount, {}, { plugins, conditions: ["browser"] })
    module.mount(document.body, { id: 3 })
    await until(() => server.waiting.length)
    assert.equal(document.querySelector("p").textContent, "Loading")
    assert.deepEqual(server.asked, ["ctx/shelf/?shelf_id=3"])
    await server.answer({ books: [{ id: 7, title: "Emma", lent: false }] })
    await until(() => document.querySelector("button"))
    const button = document.querySelector("button")
    assert.equal(button.textContent.trim(), "Lend")
    button.click()
    await until(() => button.disabled)
    assert.equal(server.asked[1], "call/")
    await server.answer({ result: { id: 7 }, invalidate: ["shelf"] }, 200, 0, { "X-Mizan-Invalidate": "shelf;shelf_id=3" })
    await until(() => server.waiting.length)
    await server.answer({ books: [{ id: 7, title: "Emma", lent: true }] })
    await until(() => button.textContent.trim() === "Take back" && !button.disabled)
  })
}

test("an error is shown", async () => {
  const [, , source] = blocks[0]
  const module = await bundle(FRAMEWORKS.jsx.mount, {}, { plugins: [example(FRAMEWORKS.jsx.compile(source))] })
  module.mount(document.body, { id: 4 })
  await until(() => server.waiting.length)
  await server.answer({ error: { code: "not_found", message: "No such shelf" } }, 404)
  await until(() => document.querySelector("p").textContent === "No such shelf")
})

test("the page with an import map shows its island", async () => {
  const [, source] = PAGE.match(/<script type="module">\n(.*?)<\/script>/s)
  document.body.innerHTML = `<p id="lent"></p>`
  await bundle([source.replace("{{ shelf.pk }}", 3)], { "mizan_htmx/vue": join(STATIC, "vue.js") })
  await until(() => server.waiting.length)
  await server.answer({ books: [{}, {}] })
  await until(() => document.body.textContent === "2 books")
})

async function until(isTrue) {
  for (let n = 0; n < 500 && !isTrue(); n++) await settled()
  assert.ok(isTrue(), `${isTrue} ${document.body.innerHTML}`)
}
