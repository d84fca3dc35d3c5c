// Not a test: a page made of stubs, for what runs without a browser.

import { mock } from "node:test"

import { createEntries } from "../../mizan_htmx/static/mizan_htmx/src/entries.js"
import { configure } from "../../mizan_htmx/static/mizan_htmx/src/page.js"
import { createStore } from "../../mizan_htmx/static/mizan_htmx/src/store.js"

const NAMES = ["base", "login", "epoch", "csrfToken", "csrfCookie", "csrfHeader"]
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, undefined]))

/** Let all microtasks run. */
export const settled = () => new Promise(setImmediate)

/** transport.js as a page that was just loaded has it: it remembers whether it is leaving. */
let loads = 0
export const load = () => import(`../../mizan_htmx/static/mizan_htmx/src/transport.js?${++loads}`)

/** Put something in the place of a global. */
export function stub(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

/** A sessionStorage that may not be read ("get") or not be written ("set"). */
export function deniedStorage(denied) {
  const deny = () => {
    throw Error("denied")
  }
  return new Proxy({}, { [denied]: deny })
}

/** Open /shelf/1/?page=2, of the epoch "mine". Returns a list of what the page is told to do. */
export function openPage() {
  const happened = []
  stub("document", Object.assign(new EventTarget(), { baseURI: "http://here/shelf/1/", cookie: "" }))
  document.querySelector = () => null
  document.querySelectorAll = () => []
  document.addEventListener("mizan:login", ({ detail }) => happened.push(`login ${detail.status}`))
  stub("location", {
    pathname: "/shelf/1/",
    search: "?page=2",
    origin: "http://here",
    assign: (url) => happened.push(`assign ${url}`),
    reload: () => happened.push("reload"),
  })
  stub("sessionStorage", {})
  stub("addEventListener", () => {})
  stub("reportError", (fault) => happened.push(fault.message))
  configure({ ...NOTHING, login: "/login/?a=1", epoch: "mine" })
  return happened
}

/** A fetch that gives these answers, one after the other: responses, or errors to reject with. */
export function answering(...answers) {
  const fetch = mock.fn(async () => {
    if (!answers.length) throw Error("one fetch too many")
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  })
  stub("fetch", fetch)
  return fetch.mock
}

/** A fetch whose answers are given when the test wants. Returns its requests: url, init, answer(), fail(). */
export function holding() {
  const requests = []
  stub("fetch", (url, init) => {
    const request = { url, init, tag: init.headers?.["If-None-Match"] }
    request.done = new Promise((resolve, reject) => {
      request.reply = resolve
      request.fail = (message = "offline") => reject(TypeError(message))
    })
    request.answer = async (data, more = {}, status = 200) => {
      const headers = { "Content-Type": "application/json", ...more }
      request.reply(new Response(status === 304 ? null : JSON.stringify(data), { status, headers }))
      await settled()
    }
    requests.push(request)
    return request.done
  })
  return requests
}

/** Entries over a store of their own. */
export function kernel() {
  const store = createStore()
  return { store, ...createEntries(store) }
}
