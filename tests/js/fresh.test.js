// Many refetches in one request: what goes together, in which order, and what comes of it.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { createAsk, mounted } from "../../mizan_htmx/static/mizan_htmx/src/fresh.js"
import { parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { createStore } from "../../mizan_htmx/static/mizan_htmx/src/store.js"
import { MizanError } from "../../mizan_htmx/static/mizan_htmx/src/transport.js"
import { holding, openPage, settled, stub } from "./stubs.js"

let requests
let ask
let store
beforeEach(() => {
  openPage()
  requests = holding()
  stub("innerHeight", 800)
  store = createStore()
  const asking = createAsk(store)
  ask = (item, etag) => asking(item, etag, {})
})

const context = (text) => ({ kind: "contexts", text })
const fragment = (text, top = 0) => ({ kind: "fragments", text, element: { getBoundingClientRect: () => ({ top }) } })
const numbers = (count) => Array.from({ length: count }, (_, i) => i)

/** The items of a request, as [kind, text and etag]. */
const asked = ({ url }) => [...new URL(url, "http://here").searchParams]
const textsOf = (request) => asked(request).map(([, text]) => text)

/** Answer a request: each item with the status that is said of it, 200 where none is. */
function serve(request, statuses = {}) {
  const answers = { fragments: {}, contexts: {} }
  for (const [kind, said] of asked(request)) {
    const text = said.replace(/@[\w-]+$/, "")
    const status = statuses[text] ?? 200
    answers[kind === "f" ? "fragments" : "contexts"][text] = status === 200 ? { status, etag: "e2", data: text } : { status }
  }
  return request.answer(answers)
}

test("fragments and contexts that are asked for in one task go together, each with its etag and its answer", async () => {
  const all = Promise.all([ask(context('a;x=%"1"'), "e1"), ask(fragment("ref?x=1&y=é")), ask(context("b"))])
  await settled()
  assert.equal(requests.length, 1)
  assert.ok(requests[0].url.startsWith("/api/mizan/fresh/?"))
  assert.equal(requests[0].init.cache, "no-store") // case F-19
  assert.deepEqual(asked(requests[0]), [["c", 'a;x=%"1"@e1'], ["f", "ref?x=1&y=é"], ["c", "b"]])
  await serve(requests[0])
  assert.deepEqual((await all).map(({ data }) => data), ['a;x=%"1"', "ref?x=1&y=é", "b"])
})

test("what is asked for some microtasks later still goes along, and in the next task it does not", async () => {
  // htmx 4 awaits between its event and its request
  ask(context("a"))
  for (let i = 0; i < 10; i++) await null
  ask(context("b"))
  await settled()
  for (const text of ["c", "d"]) ask(context(text))
  await settled()
  assert.deepEqual(requests.map(textsOf), [["a", "b"], ["c", "d"]])
})

test("one alone is not asked for here", async () => {
  assert.equal(await ask(context("a")), undefined)
  assert.equal(requests.length, 0)
})

test("a batch has 50 items at most, and what is left over for itself goes alone", async () => {
  const all = numbers(101).map((i) => ask(context(`a;x=${i}`)))
  await settled()
  assert.deepEqual(requests.map((request) => asked(request).length), [50, 50])
  assert.equal(await all[100], undefined)
  assert.equal(new Set(requests.flatMap(textsOf)).size, 100)
})

test("a batch has 4,000 characters at most", async () => {
  const texts = numbers(30).map((i) => `a;x="${"é".repeat(100)}${i}"`)
  for (const text of texts) ask(context(text))
  await settled()
  assert.ok(requests.length > 1)
  assert.deepEqual(requests.flatMap(textsOf), texts)
  const lengths = requests.map(({ url }) => url.split("?")[1].length)
  for (const [i, length] of lengths.entries()) {
    assert.ok(length <= 4_000, `${length} characters`)
    if (i) assert.ok(lengths[i - 1] + length > 4_000, "none is split without need")
  }
})

test("what is too long for any batch goes alone, and the rest together", async () => {
  const long = ask(context("x".repeat(5_000)))
  for (const text of ["a", "b"]) ask(context(text))
  await settled()
  assert.equal(await long, undefined)
  assert.deepEqual(requests.map(textsOf), [["a", "b"]])
})

test("what is on the screen is asked for before what is below it", async () => {
  for (const i of numbers(60)) ask(fragment(`far${i}?`, 801 + i))
  for (const [i, top] of [-2_000, 0, 800].entries()) ask(fragment(`near${i}?`, top))
  ask(context("island"))
  await settled()
  const [first, second] = requests.map(textsOf)
  assert.deepEqual(first.slice(0, 5), ["near0?", "near1?", "near2?", "island", "far0?"])
  assert.deepEqual([first.length, second], [50, numbers(60).slice(46).map((i) => `far${i}?`)])
})

test("what stands twice is asked for once, and both are answered", async () => {
  const all = Promise.all([ask(fragment("one?")), ask(fragment("two?")), ask(fragment("one?"))])
  await settled()
  assert.deepEqual(requests.map(textsOf), [["one?", "two?"]])
  await serve(requests[0])
  assert.deepEqual((await all).map(({ data }) => data), ["one?", "two?", "one?"])
})

for (const [etags, said] of [
  [["e1", "e1"], "one?@e1"],
  [["e1", "e2"], "one?"],
  [["e1", false], "one?"],
  [[false, "e1"], "one?"],
  [["e1", undefined], "one?"],
  [[undefined, "e1"], "one?"],
  [["e1", "e2", "e2"], "one?"],
]) {
  test(`the places of one fragment that show ${etags.join(" and ")} ask for ${said}`, async () => {
    for (const etag of etags) ask(fragment("one?"), etag)
    await settled()
    assert.deepEqual(requests.map(textsOf), [[said]])
  })
}

test("of several places of one fragment that which shows the answer already is told so", async () => {
  const [old, same] = [ask(fragment("one?"), "e1"), ask(fragment("one?"), "e2")]
  await settled()
  await serve(requests[0])
  assert.deepEqual([(await old).status, await same], [200, { status: 304 }])
})

test("each item has its own fate", async () => {
  // case F-11
  const texts = ["a", "b", "c", "d"]
  const all = Promise.all(texts.map((text) => ask(context(text), "e1")))
  await settled()
  await serve(requests[0], { a: 304, b: 403, c: 500 })
  assert.deepEqual((await all).map(({ status }) => status), [304, 403, 500, 200])
})

test("what an answer leaves out is asked for alone", async () => {
  const all = Promise.all([ask(context("a")), ask(context("b"))])
  await settled()
  await requests[0].answer({ fragments: {}, contexts: { a: { status: 200, data: 1 } } })
  assert.deepEqual(await all, [{ status: 200, data: 1 }, undefined])
})

test("a batch that was too many requests is not asked for again as many", async () => {
  // case F-11
  const all = Promise.allSettled([ask(context("a")), ask(context("b"))])
  await settled()
  await requests[0].answer({ error: { code: "busy" } }, {}, 429)
  assert.deepEqual((await all).map(({ reason }) => reason?.status), [429, 429])
})

for (const status of [400, 404, 413, 414, 431]) {
  test(`a batch that is answered with ${status} lets each try for itself`, async () => {
    const all = Promise.all([ask(context("a")), ask(fragment("b?"))])
    await settled()
    await requests[0].answer({ error: { code: "bad_request" } }, {}, status)
    assert.deepEqual(await all, [undefined, undefined])
    assert.equal(requests.length, 1)
  })
}

test("one batch that fails leaves the other as it is", async () => {
  const all = Promise.allSettled(numbers(100).map((i) => ask(context(`a;x=${i}`))))
  await settled()
  requests[0].fail()
  await serve(requests[1])
  assert.deepEqual((await all).map(({ status }) => status), numbers(100).map((i) => (i < 50 ? "rejected" : "fulfilled")))
})

/** A page that shows these items. */
function show(items) {
  const bindings = items.map((item) => ({ keys: parse("a"), item: () => item }))
  store.source(() => bindings, () => {})
  return mounted(store)
}

test("what the page shows is said as a batch is, on the screen first, without etags", () => {
  const island = context('board;x=%"é"')
  assert.equal(show([fragment("far?x=1", 2_000), island, undefined, fragment("near?x=1")]), "c=board%3Bx%3D%25%22%C3%A9%22&f=near%3Fx%3D1&f=far%3Fx%3D1")
})

test("of what the page shows 50 items are said, and 4,000 characters", () => {
  assert.equal(show(numbers(200).map((i) => context(`a;x=${i}`))).split("&").length, 50)
  store = createStore()
  const text = show(numbers(50).map((i) => context(`a;x="${"x".repeat(200)}${i}"`)))
  assert.ok(text.length > 3_700 && text.length <= 4_000, `${text.length} characters`)
})

test("a page that shows nothing says nothing", () => {
  assert.equal(show([]), "")
})

const FAILED = [
  ["no answer", (request) => request.fail(), "network"],
  ["an error of the server", (request) => request.answer({}, {}, 503), "internal"],
  ["HTML", (request) => request.reply(new Response("<h1>")), "internal"],
  // From here on the page is leaving.
  ["another's epoch", (request) => request.answer({}, { "X-Mizan-Epoch": "other" }), "user_changed"],
  ["401", (request) => request.answer({}, {}, 401), "unauthenticated"],
]
for (const [what, reply, code] of FAILED) {
  test(`${what} is a failure of all that went together`, async () => {
    const all = Promise.allSettled([ask(context("a")), ask(fragment("b?"))])
    await settled()
    await reply(requests[0])
    for (const { reason } of await all) assert.deepEqual([reason.code, reason.constructor], [code, MizanError])
    assert.equal(requests.length, 1)
  })
}
