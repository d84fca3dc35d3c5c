// Requests of our own: a session's token, and calls; with a page made of stubs.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { configure, headers } from "../../mizan_htmx/static/mizan_htmx/src/page.js"
import { createStore } from "../../mizan_htmx/static/mizan_htmx/src/store.js"
import { answering, load, openPage, settled } from "./stubs.js"

let happened
beforeEach(() => {
  happened = openPage()
})
afterEach(() => mock.timers.reset())

const session = (token) => new Response(null, { status: 204, headers: token ? { "X-CSRFToken": token } : {} })

test("initSession asks once, however many ask for it, and the token is known", async () => {
  const { initSession } = await load()
  const asked = answering(session("fresh"))
  await Promise.all([initSession(), initSession(), initSession()])
  assert.equal(asked.callCount(), 1)
  assert.deepEqual(asked.calls[0].arguments, ["/api/mizan/session/", { cache: "no-store" }])
  assert.equal(headers("POST", "/a/")["X-CSRFToken"], "fresh")
})

test("initSession tries three times with longer waits, then gives up and can be asked again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  configure({ base: "/m/" })
  const { initSession } = await load()
  const asked = answering(Error("offline"), new Response(null, { status: 503 }), Error("last"), session())
  const failed = assert.rejects(initSession(), { message: "last" })
  for (const [wait, tries] of [
    [0, 1],
    [249, 1],
    [1, 2],
    [499, 2],
    [1, 3],
  ]) {
    mock.timers.tick(wait)
    await settled()
    assert.equal(asked.callCount(), tries)
  }
  await failed
  await initSession()
  assert.equal(asked.calls[3].arguments[0], "/m/session/")
})

test("initSession is content with the second try", async () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const { initSession } = await load()
  const asked = answering(new Response(null, { status: 500 }), session("second"))
  const done = initSession()
  await settled()
  mock.timers.tick(250)
  await done
  assert.equal(asked.callCount(), 2)
  assert.equal(headers("POST", "/a/")["X-CSRFToken"], "second")
})

const TYPE = { "Content-Type": "application/json" }
const json = (data, status = 200, more = {}) =>
  new Response(JSON.stringify(data), { status, headers: { ...TYPE, ...more } })
const error = (status, code, more = {}) => json({ error: { code, message: `${code}!`, ...more } }, status)
const redirected = (url) => Object.defineProperties(json({}), { redirected: { value: true }, url: { value: url } })

/** A call function over a store, and what the store was told of. */
async function calling() {
  const told = []
  document.addEventListener("mizan:invalidated", ({ detail: { keys, source } }) => told.push([keys.join(", "), source]))
  const { createCall, MizanError } = await load()
  return { call: createCall(createStore()), told, MizanError }
}

test("a call posts its name and its arguments, and resolves with the result", async () => {
  const { call, told } = await calling()
  const fetched = answering(json({ result: { id: 7 }, invalidate: [] }), json({ result: null }))
  configure({ csrfToken: "secret" })
  assert.deepEqual(await call("move_card", { card_id: 7 }), { id: 7 })
  assert.equal(await call("reset"), null)
  const [[url, { method, headers, body }], [, { body: second }]] = fetched.calls.map((made) => made.arguments)
  assert.deepEqual([url, method], ["/api/mizan/call/", "POST"])
  assert.deepEqual(headers, { ...TYPE, "X-CSRFToken": "secret", "X-Mizan-Epoch": "mine" })
  assert.equal(body, '{"fn":"move_card","args":{"card_id":7}}')
  assert.equal(second, '{"fn":"reset","args":{}}')
  assert.deepEqual(told, [])
})

test("the result of a mutation on the view path is its text", async () => {
  const { call, told } = await calling()
  const type = { "Content-Type": "text/html", "X-Mizan-Invalidate": "shelf" }
  answering(new Response("<b>{</b>", { headers: type }), new Response(null, { status: 204 }))
  assert.equal(await call("rename"), "<b>{</b>")
  assert.equal(await call("rename"), "")
  assert.deepEqual(told, [["shelf", "call"]])
})

for (const status of [200, 422, 500]) {
  test(`the header of an answer ${status} reaches the store before its body is read`, async () => {
    // cases I-4, I-5
    const { call, told } = await calling()
    const answer = json({ result: 1 }, status, { "X-Mizan-Invalidate": "a;x=1, b" })
    let known
    answer.text = async () => ((known = [...told]), '{"result": 1}')
    answering(answer)
    await call("add").catch(({ code }) => assert.equal(code, "internal"))
    assert.deepEqual([known, told], [[["a;x=1, b", "call"]], known])
  })
}

const ERRORS = [
  [error(422, "invalid", { details: [{ loc: ["a"], message: "no" }] }), "invalid", 422, "invalid!"],
  [error(404, "not_found"), "not_found", 404, "not_found!"],
  [error(409, "user_changed"), "user_changed", 409, "user_changed!"],
  [error(403, "forbidden"), "forbidden", 403, "forbidden!"],
  [new Response("<h1>Bad Gateway</h1>", { status: 502 }), "internal", 502, "internal"],
  [json({}, 500), "internal", 500, "internal"],
]
for (const [answer, code, status, message] of ERRORS) {
  test(`an answer ${status} rejects as ${code}, without a second try`, async () => {
    const { call, MizanError } = await calling()
    const fetched = answering(answer)
    const failed = await call("add").catch((error) => error)
    assert.ok(failed instanceof MizanError && failed instanceof Error)
    const { name, details } = failed
    assert.deepEqual([name, failed.code, failed.status, failed.message], ["MizanError", code, status, message])
    assert.deepEqual(details, code === "invalid" ? [{ loc: ["a"], message: "no" }] : [])
    assert.equal(fetched.callCount(), 1)
  })
}

test("a call whose token was refused fetches another and tries once more", async () => {
  // case R-12
  const { call } = await calling()
  const fetched = answering(error(403, "csrf"), session("fresh"), json({ result: 5 }))
  configure({ csrfToken: "old" })
  assert.equal(await call("add", { n: 1 }), 5)
  const sent = fetched.calls.map(({ arguments: [url, { headers, body }] }) => [url, headers?.["X-CSRFToken"], body])
  assert.deepEqual(sent, [
    ["/api/mizan/call/", "old", '{"fn":"add","args":{"n":1}}'],
    ["/api/mizan/session/", undefined, undefined],
    ["/api/mizan/call/", "fresh", '{"fn":"add","args":{"n":1}}'],
  ])
})

test("a token that is refused twice is an error", async () => {
  // case R-12
  const { call } = await calling()
  const fetched = answering(error(403, "csrf"), session("fresh"), error(403, "csrf"))
  await assert.rejects(call("add"), { code: "csrf", status: 403 })
  assert.equal(fetched.callCount(), 3)
})

test("two calls whose token was refused fetch one token together", async () => {
  // case R-12
  const { call } = await calling()
  const one = () => json({ result: 1 })
  const fetched = answering(error(403, "csrf"), error(403, "csrf"), session("fresh"), one(), one())
  assert.deepEqual(await Promise.all([call("add"), call("add")]), [1, 1])
  assert.equal(fetched.calls.filter(({ arguments: [url] }) => url.endsWith("session/")).length, 1)
})

test("a call whose answer breaks off before it says what it did may have been done", async () => {
  // case F-4
  const { call, told } = await calling()
  answering(cut())
  await assert.rejects(call("add"), { code: "network" })
  assert.deepEqual(told, [["*", "lost"]])
})

test("a call that was lost may have been done: everything is stale, and it is not repeated", async () => {
  // case F-4
  const { call, told, MizanError } = await calling()
  const fetched = answering(TypeError("Failed to fetch"))
  await assert.rejects(call("add"), { code: "network", message: "Failed to fetch", constructor: MizanError })
  assert.deepEqual(told, [["*", "lost"]])
  assert.equal(fetched.callCount(), 1)
})

const LEAVING = [
  ["401", error(401, "unauthenticated"), "login 401", { code: "unauthenticated", status: 401 }],
  ["the login page", redirected("http://here/login/"), "login 200", { code: "unauthenticated" }],
  ["another's epoch", json({ result: 1 }, 200, { "X-Mizan-Epoch": "other" }), "reload", { code: "user_changed" }],
]
for (const [what, answer, first, expected] of LEAVING) {
  test(`a call that is answered with ${what} rejects, and nothing of the answer is applied`, async () => {
    // cases F-11, F-20, R-14
    const { call, told, MizanError } = await calling()
    answer.headers.set("X-Mizan-Invalidate", "a")
    answering(answer)
    await assert.rejects(call("add"), { constructor: MizanError, ...expected })
    assert.equal(happened[0], first)
    assert.deepEqual(told, first === "reload" ? [["*", "user"]] : []) // other tabs are another's as well
  })
}

const cut = () => Object.assign(json({}), { text: () => Promise.reject(TypeError("network error")) })
const FAILING = [
  ["JSON that is none", [new Response("{", { status: 200, headers: TYPE })]],
  ["an error that is no JSON, though it says so", [new Response("<h1>", { status: 502, headers: TYPE })]],
  ["a body that breaks off", [cut()]],
  ["a token that cannot be fetched", [error(403, "csrf"), Error("offline"), Error("offline"), Error("offline")]],
]
for (const [what, answers] of FAILING) {
  test(`a call that fails by ${what} rejects with a MizanError`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] })
    const { call, MizanError } = await calling()
    const fetched = answering(...answers)
    const failed = call("add").catch((error) => error)
    for (let i = 0; i < answers.length; i++) {
      await settled()
      mock.timers.tick(1_000)
    }
    assert.equal((await failed).constructor, MizanError)
    assert.equal(fetched.callCount(), answers.length)
  })
}
