// The order in which any answer is read, and the headers of requests; with a page made of stubs.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { configure, headers } from "../../mizan_htmx/static/mizan_htmx/src/page.js"
import { deniedStorage, load, openPage, stub } from "./stubs.js"

let happened
beforeEach(() => {
  happened = openPage()
})

/** Read an answer that has these headers. */
const leaves = ({ leaves }, status, given = {}, url = "", asked = "/rename/1/") =>
  leaves({ status, headers: new Headers(given), redirected: !!url, url }, asked)

const LOGIN = ["login 401", "assign http://here/login/?a=1&next=%2Fshelf%2F1%2F%3Fpage%3D2"]
const OTHER = { "X-Mizan-Epoch": "other" }
const ORDER = [
  // case F-20, and the protocol's order in which the script reads an answer
  ["nothing special", [200], false, []],
  ["an error", [500], false, []],
  ["403", [403], false, []],
  ["the page's own epoch", [200, { "X-Mizan-Epoch": "mine" }], false, []],
  ["another's epoch", [200, OTHER], true, ["reload"]],
  ["401", [401], true, LOGIN],
  ["401 and another's epoch", [401, OTHER], true, LOGIN],
  ["HX-Redirect, 401 and another's epoch", [401, { "HX-Redirect": "/a/", ...OTHER }], false, []],
  ["HX-Location and another's epoch", [200, { "HX-Location": "/a/", ...OTHER }], false, []],
  ["HX-Refresh and another's epoch", [200, { "HX-Refresh": "true", ...OTHER }], false, []],
  ["the login page", [200, OTHER, "http://here/login/?next=/a/"], true, ["login 200", LOGIN[1]]],
  ["another page after a redirect", [200, {}, "http://here/logins/"], false, []],
  ["401 of the login itself", [401, {}, "http://here/login/", "/login/?next=/a/"], false, []],
  ["another's epoch of the login itself", [200, OTHER, "", "/login/"], true, ["reload"]],
]
for (const [what, answer, leaving, done] of ORDER) {
  test(`an answer with ${what} ${leaving ? "leaves" : "stays"}`, async () => {
    assert.equal(leaves(await load(), ...answer), leaving)
    assert.deepEqual(happened, done)
  })
}

test("however many answers say 401, there is one navigation", async () => {
  // case F-11
  const transport = await load()
  assert.deepEqual([leaves(transport, 401), leaves(transport, 401)], [true, true])
  assert.deepEqual(happened, LOGIN)
})

test("a cancelled mizan:login navigates nowhere, and nothing is applied", async () => {
  document.addEventListener("mizan:login", (event) => event.preventDefault())
  assert.equal(leaves(await load(), 401), true)
  assert.deepEqual(happened, ["login 401"])
})

test("where no login page is known 401 is told of, and nothing is applied", async () => {
  configure({ login: undefined })
  assert.equal(leaves(await load(), 401), true)
  assert.deepEqual(happened, ["login 401"])
})

test("a page that knows no epoch never reloads", async () => {
  configure({ epoch: undefined })
  assert.equal(leaves(await load(), 200, OTHER), false)
  assert.deepEqual(happened, [])
})

test("a page reloads once, and applies nothing more until it does", async () => {
  // case F-20
  const transport = await load()
  assert.equal(leaves(transport, 200, OTHER), true)
  assert.equal(leaves(transport, 200, { "X-Mizan-Epoch": "third" }), true)
  assert.deepEqual(happened, ["reload"])
})

test("a page that comes back with the old epoch does not reload for the same one again", async () => {
  // case F-20: a cached page would do it for ever
  assert.equal(leaves(await load(), 200, OTHER), true)
  const again = await load()
  assert.equal(leaves(again, 200, OTHER), false)
  assert.deepEqual(happened, ["reload"])
  location.pathname = "/shelf/2/"
  assert.equal(leaves(await load(), 200, OTHER), true, "another page")
  assert.deepEqual(happened, ["reload", "reload"])
})

test("who was this user before may leave for the same other once more", async () => {
  // case F-20
  const visit = async (epoch, other) => {
    configure({ epoch })
    const transport = await load()
    transport.arrive()
    if (other) assert.equal(leaves(transport, 200, { "X-Mizan-Epoch": other }), true)
  }
  await visit("mine", "other")
  await visit("other")
  await visit("mine", "other")
  assert.deepEqual(happened, ["reload", "reload"])
})

test("who arrives with the old epoch all the same has not been forgotten", async () => {
  // case F-20
  assert.equal(leaves(await load(), 200, OTHER), true)
  const again = await load()
  again.arrive()
  assert.equal(leaves(again, 200, OTHER), false)
  assert.deepEqual(happened, ["reload"])
})

test("who is back from the browser's cache was not reloaded, and is now", async () => {
  // cases F-13, F-20: they left while the reload was on its way
  const transport = await load()
  assert.equal(leaves(transport, 200, OTHER), true)
  transport.arrive(true)
  assert.equal(leaves(transport, 200, OTHER), true)
  assert.deepEqual(happened, ["reload", "reload"])
})

test("who has heard since that the page is their own reloads for the same other once more", async () => {
  // case F-20: another's late answer made it reload, and the other came only then
  assert.equal(leaves(await load(), 200, OTHER), true)
  const again = await load()
  again.arrive()
  assert.equal(leaves(again, 200, { "X-Mizan-Epoch": "mine" }), false)
  assert.equal(leaves(again, 200, OTHER), true)
  assert.deepEqual(happened, ["reload", "reload"])
})

test("where the user is another the document is told, for other tabs, before the page leaves", async () => {
  // cases F-15, F-20
  document.addEventListener("mizan:invalidated", ({ detail: { keys, source } }) => happened.push([source, ...keys]))
  const transport = await load()
  leaves(transport, 200, { "X-Mizan-Epoch": "mine" })
  leaves(transport, 200, OTHER)
  leaves(transport, 200, OTHER)
  assert.deepEqual(happened, [["user", "*"], "reload"])
})

test("an answer that says no address, as an extension of htmx makes one, is not the login page", async () => {
  location.pathname = "/login/"
  document.baseURI = "http://here/login/"
  const { leaves } = await load()
  const answer = { status: 200, headers: new Headers(), url: "" }
  assert.equal(leaves(answer, "/api/mizan/fragment/?f=x"), false)
  assert.deepEqual(happened, [])
})

test("without a storage there is no reload, for nothing would end it", async () => {
  for (const denied of ["get", "set"]) {
    stub("sessionStorage", deniedStorage(denied))
    const transport = await load()
    assert.doesNotThrow(transport.arrive)
    assert.equal(leaves(transport, 200, OTHER), false)
  }
  assert.deepEqual(happened, [])
})

const SENT = [
  // case R-13
  ["POST", "/a/", { "X-Mizan-Epoch": "mine", "X-CSRFToken": "secret" }],
  ["delete", "http://here/a/", { "X-Mizan-Epoch": "mine", "X-CSRFToken": "secret" }],
  ["GET", "/a/", {}],
  ["head", "/a/", {}],
  ["POST", "http://elsewhere/a/", {}],
  ["POST", "//elsewhere/a/", {}],
  ["POST", "https://here/a/", {}],
  ["POST", "http://here:8000/a/", {}],
]
for (const [method, url, expected] of SENT) {
  test(`${method} ${url} carries ${Object.keys(expected).join(" and ") || "nothing of ours"}`, () => {
    configure({ csrfToken: "secret" })
    assert.deepEqual(headers(method, url), expected)
  })
}

for (const [method, url, isSaid] of [
  ["POST", "/a/", true],
  ["GET", "/a/", false],
  ["POST", "http://elsewhere/a/", false],
]) {
  test(`what the page shows is ${isSaid ? "" : "not "}said with ${method} ${url}`, () => {
    assert.equal(headers(method, url, "c=a")["X-Mizan-Mounted"], isSaid ? "c=a" : undefined)
    assert.equal("X-Mizan-Mounted" in headers(method, url, ""), false)
  })
}

test("the token of the cookie counts, for a login in another tab renews it", () => {
  // case R-12
  configure({ csrfCookie: "csrftoken", csrfToken: "old", csrfHeader: "X-Token" })
  assert.equal(headers("POST", "/a/")["X-Token"], "old")
  document.cookie = "xcsrftoken=x; csrftoken=new; a=b"
  assert.equal(headers("POST", "/a/")["X-Token"], "new")
})

test("what the page's script tag says is known, and configure() wins over it", async () => {
  const said = { "data-mizan-epoch": "said", "data-mizan-csrftoken": "said" }
  document.querySelector = () => ({ getAttribute: (name) => said[name.toLowerCase()] ?? null })
  configure({ epoch: undefined, csrfToken: "configured" })
  assert.deepEqual(headers("POST", "/a/"), { "X-Mizan-Epoch": "said", "X-CSRFToken": "configured" })
})

test("without a token and an epoch none is made up", () => {
  configure({ epoch: undefined })
  assert.deepEqual(headers("POST", "/a/"), { "X-Mizan-Epoch": "" })
})
