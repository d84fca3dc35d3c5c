// Not a test: a page made of stubs, for what runs without a browser.

import { mock } from "node:test"

import { createEntries } from "../../mizan_htmx/static/mizan_htmx/src/entries.js"
import { createAsk } from "../../mizan_htmx/static/mizan_htmx/src/fresh.js"
import { parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { configure } from "../../mizan_htmx/static/mizan_htmx/src/page.js"
import { createStore } from "../../mizan_htmx/static/mizan_htmx/src/store.js"

const NAMES = ["base", "login", "epoch", "csrfToken", "csrfCookie", "csrfHeader"]
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, undefined]))

// Each page that a test opens would be a tab beside those that it opened before.
delete globalThis.BroadcastChannel

const { now } = performance
let passed = 0
performance.now = () => now.call(performance) + passed

/** Let all microtasks run; and as if a while had passed, so that nobody asks too often. */
export const settled = () => {
  passed += 60
  return new Promise(setImmediate)
}

/** Let all microtasks run, in no time. */
export const turn = () => new Promise(setImmediate)

/** Stop the store's clock. Returns what lets time pass: so many milliseconds, in one step or in several. */
export function stopClock(apis = ["setTimeout"]) {
  let time = 1_000
  mock.timers.enable({ apis, now: 1_800_000_000_000 })
  mock.method(performance, "now", () => time)
  return async (ms, step = ms) => {
    for (let passed = 0; passed < ms; passed += step) {
      time += step
      mock.timers.tick(step)
      await turn()
    }
  }
}

/** A store with bindings by name; `sent` collects what was refetched, a list per flush. */
export function bind(bound) {
  const store = createStore()
  const bindings = Object.fromEntries(Object.entries(bound).map(([name, text]) => [name, { name, keys: parse(text) }]))
  const sent = []
  store.source(
    () => Object.values(bindings),
    (found) => found.length && sent.push(found.map(({ name }) => name)),
  )
  return { store, ...bindings, bindings, sent }
}

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

/** The items that a request asks for: of fresh/, each as `fresh board;board_id=%"3"`. */
export function itemsOf(url) {
  const { pathname, searchParams } = new URL(url, "http://here")
  if (!pathname.endsWith("/fresh/")) return [url.replace("/api/mizan/ctx/", "")]
  return [...searchParams].map(([, text]) => `fresh ${text}`)
}

/** What fresh/ answers where all items are contexts with this data. */
export function freshOf(url, data) {
  const texts = itemsOf(url).map((item) => item.replace(/^fresh |@[\w-]+$/g, ""))
  const contexts = Object.fromEntries(texts.map((text) => [text, { status: 200, etag: "e", data }]))
  return { fragments: {}, contexts }
}

/** Entries over a store of their own. */
export function kernel() {
  const store = createStore()
  store.together = createAsk(store)
  return { store, ...createEntries(store) }
}
