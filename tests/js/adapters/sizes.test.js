// An adapter is a view of the kernel: 60 lines, and 1 KiB of what a browser loads.

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { gzipSync } from "node:zlib"

import { minify } from "terser"

import { STATIC } from "./page.js"

for (const name of ["react", "vue", "svelte"]) {
  const source = readFileSync(`${STATIC}${name}.js`, "utf8")

  test(`${name}.js has at most 60 lines`, () => assert.ok(source.split("\n").length - 1 <= 60))

  test(`${name}.js has at most 1,024 bytes, minified and gzipped`, async (t) => {
    const { code } = await minify(source, { module: true, ecma: 2022 })
    const { length } = gzipSync(code, { level: 9 })
    t.diagnostic(`${length} bytes`)
    assert.ok(length <= 1024, `${length} bytes`)
  })

  test(`${name}.js imports its framework and the kernel, and nothing else`, () => {
    const imported = [...source.matchAll(/from "(.*)"/g)].map(([, module]) => module)
    const framework = { svelte: "svelte/store" }[name] ?? name
    assert.deepEqual(new Set(imported), new Set([framework, "./kernel.js"]))
  })
}
