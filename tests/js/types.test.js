// The hand-written types: in tests/js/misuse/ each line that must not compile does not.

import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

import * as kernel from "../../mizan_htmx/static/mizan_htmx/kernel.js"

const HERE = fileURLToPath(new URL("./misuse/", import.meta.url))
const TSC = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url))
const OPTIONS = "--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext --skipLibCheck false".split(" ")
const STATIC = new URL("../../mizan_htmx/static/mizan_htmx/", import.meta.url)

for (const name of readdirSync(HERE).filter((name) => name.endsWith(".ts"))) {
  test(`${name}: what must not compile does not, and all else does`, () => {
    const { stdout, status } = spawnSync(process.execPath, [TSC, ...OPTIONS, HERE + name], { encoding: "utf-8" })
    assert.equal(stdout, "")
    assert.equal(status, 0)
    assert.ok(readFileSync(HERE + name, "utf-8").match(/@ts-expect-error/g).length > 5)
  })
}

test("the types name what the kernel exports, and its codes", () => {
  const text = readFileSync(new URL("kernel.d.ts", STATIC), "utf-8")
  const declared = [...text.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name)
  assert.deepEqual(declared.sort(), Object.keys(kernel).sort())
  const codes = text.match(/MizanErrorCode =([^\n]*\n( {2}\| "\w+"\n)+)/)[1].match(/\w+/g)
  const protocol = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf-8")
  const listed = [...protocol.matchAll(/^\| `(\w+)` \| \d{3} \|/gm)].map(([, code]) => code)
  assert.deepEqual(codes.sort(), [...listed, "network", "session"].sort())
})
