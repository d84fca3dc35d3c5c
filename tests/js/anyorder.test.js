// Calls, reads and other tabs in any order, their answers in another, some of them lost: what the page shows.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { mounted } from "../../mizan_htmx/static/mizan_htmx/src/fresh.js"
import { createCall } from "../../mizan_htmx/static/mizan_htmx/src/transport.js"
import { holding, kernel, openPage, stopClock, turn } from "./stubs.js"

const NAMES = ["a", "b", "c"]

let pass
let requests
beforeEach(() => {
  openPage()
  pass = stopClock()
  requests = holding()
  mock.method(Math, "random", () => 0.5)
})
afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

// Until then nothing is shown that is late.
const PATIENCE = 1_000 + 480
const TYPE = { "Content-Type": "application/json" }
const each = (names, act) => Object.fromEntries(names.map((name) => [name, act(name)]))

/** The state of a server, and requests to it that are done when `work` says so: writes count up what they touch. */
class Server {
  now = each(NAMES, () => 0)

  /** What is asked for, as it is now: [name, etag] → an item. */
  items = (asked) =>
    each(asked.map(([name]) => name), (name) => {
      const etag = `e${this.now[name]}`
      const isSame = asked.some(([other, tag]) => other === name && tag === etag)
      return isSame ? { status: 304 } : { status: 200, etag, data: this.now[name] }
    })

  work(request, isFlight) {
    const { url, init } = request
    request.isDone = true
    const { pathname, searchParams } = new URL(url, "http://here")
    if (init.body) {
      const { touched } = JSON.parse(init.body).args
      for (const name of touched) this.now[name]++
      request.told = each(touched, (name) => this.now[name])
      request.headers = { "X-Mizan-Invalidate": touched.join() }
      const shown = [...new URLSearchParams(init.headers["X-Mizan-Mounted"])].map(([, name]) => [name])
      const contexts = isFlight ? this.items(shown.filter(([name]) => touched.includes(name))) : undefined
      request.body = { result: 1, fresh: contexts && { contexts } }
    } else if (pathname.endsWith("fresh/")) {
      request.body = { contexts: this.items([...searchParams].map(([, text]) => text.split("@"))) }
    } else {
      const name = pathname.split("/").at(-2)
      const item = this.items([[name, init.headers?.["If-None-Match"]?.slice(1, -1)]])[name]
      request.status = item.status
      request.body = item.data
      request.headers = item.etag && { ETag: `"${item.etag}"` }
    }
  }
}

async function play(seed, steps) {
  let state = seed
  const dice = (sides) => (state = (state * 48_271) % 2_147_483_647) % sides
  const any = (list) => list[dice(list.length)]
  const server = new Server()
  const { store, registerContext } = kernel()
  store.mounted = () => mounted(store)
  const call = createCall(store)
  const known = each(NAMES, () => 0)
  const shown = each(NAMES, () => 0)
  const wrong = []

  const hear = (told) => {
    for (const name in told) known[name] = Math.max(known[name], told[name])
  }
  const look = (name, { data }) => {
    if (data === undefined || data === shown[name]) return // it says that it loads, or failed
    if (data < shown[name] || data < known[name]) wrong.push(`${name} is ${data}, after ${shown[name]}; known is ${known[name]}`)
    shown[name] = data
  }
  for (const name of NAMES) registerContext(name).subscribe((now) => look(name, now))

  const work = () => {
    const request = any(requests.filter(({ isDone }) => !isDone))
    if (request) server.work(request, dice(2))
  }
  const take = (isFit) => {
    const request = any(requests.filter(isFit))
    if (request) requests.splice(requests.indexOf(request), 1)
    return request
  }
  const bodies = []
  const answer = () => {
    const request = take(({ isDone }) => isDone)
    if (!request) return
    hear(request.told)
    const { status = 200, headers, body } = request
    const response = new Response(status === 304 ? null : "{}", { status, headers: { ...TYPE, ...headers } })
    const text = new Promise((resolve) => bodies.push(() => resolve(JSON.stringify(body))))
    request.reply(Object.assign(response, { text: () => text }))
  }
  const lose = () => {
    const request = take(() => true)
    if (request?.init.body) hear(server.now) // it may have been done
    request?.fail()
  }
  const write = () => call("write", { touched: [any(NAMES), any(NAMES)].filter((name, i, all) => all.indexOf(name) === i) }).catch(() => {})
  const elsewhere = () => {
    const name = any(NAMES)
    hear({ [name]: ++server.now[name] })
    store.invalidate(name, "tab")
  }
  const deeds = [write, write, work, work, work, answer, answer, answer, elsewhere, lose]
  for (let step = 0; step < steps; step++) {
    const deed = dice(deeds.length + 4)
    if (deeds[deed]) deeds[deed]()
    else if (bodies.length && dice(3)) bodies.splice(dice(bodies.length), 1)[0]()
    else if (performance.now() < PATIENCE) await pass(any([1, 5, 20]))
    await turn()
  }
  for (let i = 0; i < 60; i++) {
    while (requests.some(({ isDone }) => !isDone)) work()
    while (requests.length) answer()
    for (const go of bodies.splice(0)) go()
    await turn()
    await pass(1_000, 100)
  }
  assert.deepEqual([wrong, shown], [[], server.now], `seed ${seed}`)
}

test("nothing is shown that is older than what the page was told of, and in the end all is fresh", async () => {
  // cases F-1, F-2, F-4, F-8, F-23, INV-5
  for (let seed = 1; seed <= 100; seed++) await play(seed, 120)
})
