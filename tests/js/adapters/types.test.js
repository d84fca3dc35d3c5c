// The types, held by a compiler: what must compile does, and each line of misuse does not.

import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

import { STATIC } from "./page.js"

const JS = fileURLToPath(new URL("..", import.meta.url))
const TSC = join(JS, "../../node_modules/typescript-7/bin/tsc")
const FLAGS = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022,dom"]

const MARK = "// @ts-expect-error: "
const ADAPTERS = ["react.ts", "svelte.ts", "vue.ts"]
const files = (folder) => ADAPTERS.map((name) => join(JS, folder, name))

/** What the compiler says of files; "" where they are well. */
function compile(paths, ...flags) {
  try {
    execFileSync(process.execPath, [TSC, ...FLAGS, ...flags, "--types", "", ...paths], { stdio: "pipe" })
    return ""
  } catch ({ stdout }) {
    return `${stdout}`
  }
}

for (const [name, flags] of Object.entries({
  "as Node resolves modules": ["--module", "nodenext"],
  "as a bundler resolves modules": ["--module", "esnext", "--moduleResolution", "bundler"],
})) {
  // A directive above a line without a fault is a fault itself.
  test(`use compiles, and misuse does not, ${name}`, () => {
    assert.equal(compile([...files("typed"), ...files("misuse")], ...flags), "")
  })
}

test("the types are well by themselves", () => {
  const types = ["kernel", "react", "vue", "svelte"].map((name) => `${STATIC}${name}.d.ts`)
  assert.equal(compile(types, "--module", "nodenext"), "")
})

for (const path of files("misuse")) {
  test(`each line of misuse/${path.split("/").at(-1)} stands below a directive that says why`, () => {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n")
    const misuse = lines.slice(lines.findIndex((line) => line.startsWith(MARK)))
    assert.ok(misuse.length > 30)
    for (const [at, line] of misuse.entries()) assert.equal(line.startsWith(MARK), at % 2 === 0, line)
  })
}
