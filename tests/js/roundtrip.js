// Not a test: the JavaScript half of tests/test_roundtrip.py. Reads lines of JSON, each a list of
// header texts, and answers each with a line: for every text what keys.js read and wrote again.

import { createInterface } from "node:readline"

import { format, parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"

function again(text) {
  const keys = parse(text)
  return { read: keys.map(({ name, params }) => [name, Object.fromEntries(params)]), written: keys.map(format).join(", ") }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(again))}\n`)
}
