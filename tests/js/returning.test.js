// The whole browser: other tabs, and the time when nobody looked at this page.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { configure } from "../../mizan_htmx/static/mizan_htmx/src/page.js"
import { watch } from "../../mizan_htmx/static/mizan_htmx/src/returning.js"
import { leaves } from "../../mizan_htmx/static/mizan_htmx/src/transport.js"
import { bind, openPage, stopClock, stub, turn } from "./stubs.js"

let pass
beforeEach(() => {
  pass = stopClock(["setTimeout", "setInterval", "Date"])
  Channel.all = []
  stub("BroadcastChannel", Channel)
})

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
  delete globalThis.BroadcastChannel
})

/** Do something in the tab of a document. */
function inside(own, act) {
  const { document } = globalThis
  stub("document", own)
  act()
  stub("document", document)
}

/** What a BroadcastChannel does: others of its name hear copies, and not itself. */
class Channel {
  static all = []

  constructor(name) {
    Object.assign(this, { name, document })
    Channel.all.push(this)
  }

  postMessage(data) {
    const others = Channel.all.filter((other) => other !== this && other.name === this.name)
    for (const other of others) inside(other.document, () => other.onmessage({ data: structuredClone(data) }))
  }
}

/** A tab that shows `a` and `b`: its store, what it refetched, what it heard of; `happen` is what befalls its window. */
function openTab(bound = { a: "a", b: "b;x=1" }) {
  openPage()
  const window = new EventTarget()
  stub("addEventListener", window.addEventListener.bind(window))
  const tab = { document, heard: [], ...bind(bound) }
  document.addEventListener("mizan:invalidated", ({ detail }) => tab.heard.push([detail.source, ...detail.keys]))
  watch(tab.store)
  tab.act = async (act) => {
    inside(tab.document, () => act(tab.store))
    await turn()
  }
  tab.happen = (type, more) => tab.act(() => window.dispatchEvent(Object.assign(new Event(type), more)))
  tab.hide = async (hidden) => {
    tab.document.hidden = hidden
    await tab.happen("visibilitychange")
  }
  return tab
}

const DEEDS = [
  ["an answer of htmx", (store) => store.refetch(store.mark(parse("b;x=1"), "htmx")), ["b;x=1"]],
  ["a call", (store) => store.invalidate("b;x=1", "call"), ["b;x=1"]],
  ["a call's body", (store) => store.invalidate([{ context: "b", params: { x: 1 } }], "call"), [{ context: "b", params: { x: 1 } }]],
  ["a script", (store) => store.invalidate('b, c;x=%"caf%c3%a9"'), ["b", 'c;x=%"caf%c3%a9"']],
  ["a lost call", (store) => store.invalidate("*", "lost"), ["*"]],
]
for (const [what, act, keys] of DEEDS) {
  test(`other tabs hear of what ${what} made stale, and tell nobody`, async () => {
    // cases F-15, L-15
    const [one, other, third] = [openTab(), openTab(), openTab()]
    await one.act(act)
    for (const tab of [other, third]) assert.deepEqual(tab.heard, [["tab", ...keys]])
    assert.equal(one.heard.length, 1, "nor does it hear itself")
    for (const { sent } of [one, other, third]) assert.deepEqual(sent.flat().includes("b"), true)
    assert.equal(one.sent[0].includes("a"), keys[0] === "*")
  })
}

test("what is said twice, or in another order, comes out the same", async () => {
  // case L-15
  const [one, other] = [openTab(), openTab()]
  for (const keys of ["a", "b", "b", "a"]) await one.act((store) => store.invalidate(keys))
  await pass(1_000, 10)
  assert.deepEqual([...new Set(other.sent.flat())].sort(), ["a", "b"])
  assert.equal(other.sent.flat().length, 4, "each asks once, and once more")
})

test("a return to one tab is no news for others", async () => {
  // case F-15
  const [one, other] = [openTab(), openTab()]
  await one.happen("online")
  assert.deepEqual([one.heard, other.heard], [[["returned", "*"]], []])
})

test("tabs of another place of the same site are not told", async () => {
  // case F-15
  const one = openTab()
  openPage()
  configure({ base: "/other/api/" })
  const heard = []
  document.addEventListener("mizan:invalidated", () => heard.push(1))
  watch(bind({ a: "a" }).store)
  await one.act((store) => store.invalidate("a"))
  assert.deepEqual(heard, [])
})

test("where there is no BroadcastChannel a page is still right when it is looked at again", async () => {
  // case F-15
  delete globalThis.BroadcastChannel
  const tab = openTab()
  await tab.act((store) => store.invalidate("a"))
  await tab.hide(true)
  await pass(60_000, 10_000)
  await tab.hide(false)
  assert.deepEqual(tab.sent, [["a"], ["a", "b"]])
})

for (const [what, type, more] of [
  ["comes back from the browser's cache", "pageshow", { persisted: true }],
  ["is online again", "online"],
  ["was put back by htmx from its history", "htmx:historyRestore"],
]) {
  test(`a page that ${what} refetches what it shows, at once and once`, async () => {
    // case F-13
    const tab = openTab()
    await tab.happen(type, more)
    assert.deepEqual([tab.heard, tab.sent], [[["returned", "*"]], [["a", "b"]]])
    await pass(9_000, 1_000)
    assert.equal(tab.sent.length, 1)
  })
}

test("a page that is shown for the first time refetches nothing", async () => {
  const tab = openTab()
  await tab.happen("pageshow", { persisted: false })
  await tab.happen("visibilitychange")
  assert.deepEqual(tab.sent, [])
})

for (const [seconds, isLong] of [
  [1, false],
  [30, false],
  [31, true],
  [3_600, true],
]) {
  test(`a page that was hidden for ${seconds} s refetches ${isLong ? "what it shows, once" : "nothing"}`, async () => {
    // case F-13: its timer may run or sleep meanwhile
    for (const step of [1_000, seconds * 1_000]) {
      const tab = openTab()
      await pass(9_000, 1_000)
      await tab.hide(true)
      await pass(seconds * 1_000, step)
      assert.deepEqual(tab.sent, [], "nothing while nobody looks")
      await tab.hide(false)
      await pass(9_000, 1_000)
      assert.deepEqual(tab.sent, isLong ? [["a", "b"]] : [])
    }
  })
}

test("a page whose timer slept refetches what it shows, once", async () => {
  // case F-13: the lid was closed, and no event tells of it
  const tab = openTab()
  await pass(60_000, 1_000)
  assert.deepEqual(tab.sent, [])
  mock.timers.setTime(Date.now() + 600_000)
  await pass(20_000, 1_000)
  assert.deepEqual(tab.sent, [["a", "b"]])
})

test("back from the cache after a while, where a browser says it twice, is one return", async () => {
  // case F-13: between two events all microtasks run
  for (const types of [["visibilitychange", "pageshow"], ["pageshow", "visibilitychange"]]) {
    const tab = openTab()
    await tab.hide(true)
    await pass(60_000, 60_000)
    tab.document.hidden = false
    for (const type of types) await tab.happen(type, { persisted: true })
    await pass(1_000, 10)
    assert.deepEqual(tab.sent, [["a", "b"]])
  }
})

test("a moment in the cache is a return as well, though it was seen just before", async () => {
  // case F-13
  const tab = openTab()
  await tab.hide(true)
  await pass(100)
  await tab.hide(false)
  await tab.happen("pageshow", { persisted: true })
  assert.deepEqual(tab.sent, [["a", "b"]])
})

test("each page that htmx puts back is refetched, however fast somebody goes back", async () => {
  // cases F-13, INV-5
  const tab = openTab()
  for (let i = 0; i < 2; i++) {
    await tab.happen("htmx:historyRestore")
    await pass(200)
  }
  assert.deepEqual(tab.sent, [["a", "b"], ["a", "b"]])
})

test("who is online again right after a return asks at once", async () => {
  // cases F-11, F-13
  const tab = openTab()
  await tab.happen("pageshow", { persisted: true })
  for (const binding of [tab.a, tab.b]) tab.store.fail(binding)
  await tab.happen("online")
  assert.equal(tab.sent.length, 2)
})

test("a page that had left and is back from the cache takes answers again", async () => {
  // cases F-13, F-20
  const tab = openTab()
  const read = (status) => leaves({ status, headers: new Headers(), url: "" }, "/a/")
  assert.deepEqual([read(401), read(200)], [true, true])
  await tab.happen("pageshow", { persisted: true })
  assert.equal(read(200), false)
})

test("a page that is back from the cache leaves once more for the same other user", async () => {
  // cases F-13, F-20, INV-4: they left while the reload was on its way
  const tab = openTab()
  let reloads = 0
  stub("sessionStorage", {})
  stub("location", { pathname: "/", origin: "http://here", reload: () => reloads++ })
  configure({ epoch: "mine" })
  const read = () => leaves({ status: 200, headers: new Headers({ "X-Mizan-Epoch": "other" }), url: "" }, "/a/")
  assert.equal(read(), true)
  await tab.happen("pageshow", { persisted: true })
  const leftAgain = read()
  configure({ epoch: undefined })
  assert.deepEqual([leftAgain, reloads], [true, 2])
})

test("a tab on its way hears what the others heard since it set out", async () => {
  // cases F-3, F-15
  const one = openTab()
  await one.act((store) => store.invalidate("b;x=1"))
  await pass(1)
  Object.defineProperty(performance, "timeOrigin", { value: Date.now(), configurable: true })
  await pass(1)
  await one.act((store) => store.invalidate("a"))
  const late = openTab()
  await turn()
  delete performance.timeOrigin
  assert.deepEqual(late.heard, [["tab", "a"]])
  assert.deepEqual(late.sent, [["a"]])
})

test("other tabs are told that the user is another, and look for themselves", async () => {
  // cases F-15, F-20
  const [one, other] = [openTab(), openTab()]
  const headers = new Headers({ "X-Mizan-Epoch": "other" })
  await one.act(() => leaves({ status: 200, headers, url: "" }, "/a/"))
  assert.deepEqual([one.sent, other.sent], [[], [["a", "b"]]])
})

test("however many events there are at once, they are few refetches", async () => {
  // cases F-8, F-13
  const tab = openTab()
  for (let i = 0; i < 20; i++) {
    for (const type of ["online", "pageshow", "htmx:historyRestore"]) tab.happen(type, { persisted: true })
  }
  await turn()
  assert.equal(tab.sent.length, 1)
})
