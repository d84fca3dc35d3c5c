// Contexts as data: who shares an entry, what is fetched, who hears of it and in which order.

import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { afterEach, beforeEach, mock, test } from "node:test"

import { holding, itemsOf, kernel, openPage, settled, stub } from "./stubs.js"

const ETAG = { ETag: '"e1"' }
let requests
beforeEach(() => {
  openPage()
  requests = holding()
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(Math, "random", () => 0.5)
})
afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
  delete globalThis.reportError
})

const urls = () => requests.flatMap(({ url }) => itemsOf(url))
const state = (status, data, error) => ({ data, status, error })

/** An entry that somebody watches and that was answered. */
async function watched(register, data, name = "board", params = { board_id: 3 }) {
  const entry = register(name, params)
  const heard = []
  const undo = entry.subscribe((now) => heard.push(now))
  await settled()
  await requests.at(-1).answer(data, ETAG)
  heard.length = 0
  return { ...entry, heard, undo }
}

test("the first subscriber starts the fetch, and hears of each state", async () => {
  const { registerContext } = kernel()
  const entry = registerContext("board", { board_id: 3 })
  assert.deepEqual(entry.getState(), state("idle"))
  const heard = []
  entry.subscribe((now) => heard.push(now))
  assert.deepEqual([heard, requests], [[], []])
  await settled()
  assert.deepEqual(urls(), ["board/?board_id=3"])
  assert.equal(requests[0].init.cache, "no-store") // case F-19
  await requests[0].answer({ n: 1 })
  assert.deepEqual(heard, [state("loading"), state("success", { n: 1 })])
  assert.equal(heard[1], entry.getState())
  assert.ok(Object.isFrozen(entry.getState()))
})

const SAME = [
  [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  [{ a: 5 }, { a: "5" }],
  [{ a: 5n }, { a: 5 }],
  [{ a: 1, b: undefined }, { a: 1 }],
  [undefined, {}],
  [{ a: "9007199254740993" }, { a: 9007199254740993n }],
  [{ a: [1, 2] }, { a: ["1", "2"] }],
]
for (const [one, other] of SAME) {
  test(`${name(one)} and ${name(other)} are one entry, and one fetch`, async () => {
    // cases F-18, P-9
    const { registerContext } = kernel()
    const [a, b] = [registerContext("board", one), registerContext("board", other)]
    a.subscribe(() => {})
    b.subscribe(() => {})
    await settled()
    assert.equal(requests.length, 1)
    await requests[0].answer({})
    assert.equal(a.getState(), b.getState())
    assert.equal(a.getState().status, "success")
  })
}

const OTHERS = [
  [{ a: true }, { a: "true" }],
  [{ a: null }, { a: "null" }],
  [{ a: null }, {}],
  [{ a: 1.5 }, { a: 2.5 }],
  [{ a: 1.5 }, {}],
  [{ a: [1] }, { a: [1, 2] }],
  [{ a: "1&b=2" }, { a: 1, b: 2 }],
  [{ "a,b": 1 }, { a: 1, b: 1 }],
]
for (const [one, other] of OTHERS) {
  test(`${name(one)} and ${name(other)} are two entries`, async () => {
    const { registerContext } = kernel()
    for (const params of [one, other]) registerContext("board", params).subscribe(() => {})
    await settled()
    assert.equal(urls().length, 2)
  })
}

const SPELLED = [
  [{ q: "a&b=c#d é", z: "" }, "?q=a%26b%3Dc%23d+%C3%A9&z="],
  [{ q: "</script>\u2028" }, "?q=%3C%2Fscript%3E%E2%80%A8"],
  [{ yes: true, no: false, none: null }, "?no=false&yes=true"],
  [{ ids: [3, 1], f: 1.5 }, "?f=1.5&ids=3&ids=1"],
  [{ __proto__: null, ["__proto__"]: "x" }, "?__proto__=x"],
  [{}, "?"],
]
for (const [params, query] of SPELLED) {
  test(`the URL of ${name(params)} is ${query}`, async () => {
    kernel().registerContext("a/../b", params).subscribe(() => {})
    await settled()
    assert.equal(requests[0].url, `/api/mizan/ctx/a%2F..%2Fb/${query}`)
  })
}

const REACHED = [
  ["board;board_id=3", true],
  ['board;board_id="3"', true],
  ["board", true],
  ["*", true],
  ["board;page=2", true],
  ["board;page=2;board_id=3", true],
  ["board;board_id=4", false],
  ["board;board_id=4;page=2", false],
  ["boards", false],
]
for (const [header, reached] of REACHED) {
  test(`${header} ${reached ? "refetches" : "leaves"} board;board_id=3`, async () => {
    // case P-8
    const { registerContext, store } = kernel()
    for (const params of [{ board_id: 5 }, { board_id: 5, page: 2 }, {}]) registerContext("board", params)
    registerContext("boards", { board_id: 3 })
    await watched(registerContext, {})
    store.invalidate(header)
    await settled()
    assert.equal(requests.length, 1 + reached)
  })
}

test("what keys cannot say is left out of the key: an entry of a float goes stale with all of them", async () => {
  const { registerContext, store } = kernel()
  await watched(registerContext, {}, "chart", { ratio: 1.5, ids: [1], big: 1e21, id: 7 })
  for (const [header, count] of [["chart;id=8", 1], ["chart;ratio=2", 2], ["chart;id=7;ids=9;big=1", 3]]) {
    store.invalidate(header)
    await settled()
    assert.equal(requests.length, count, header)
  }
})

test("a strict double mount makes one fetch", async () => {
  // case F-18
  const { registerContext } = kernel()
  const entry = registerContext("board")
  entry.subscribe(() => {})()
  entry.subscribe(() => {})
  await settled()
  assert.equal(requests.length, 1)
})

test("who comes while a fetch is under way, also one whose starter left, waits for it", async () => {
  // cases F-5, F-18
  const { registerContext } = kernel()
  const entry = registerContext("board")
  const undo = entry.subscribe(() => {})
  await settled()
  undo()
  const heard = []
  entry.subscribe(({ status }) => heard.push(status))
  await settled()
  await requests[0].answer({ n: 1 })
  assert.deepEqual([requests.length, heard], [1, ["success"]])
})

test("several scoped invalidations of one context are one request for what they reach", async () => {
  // case F-8
  const { registerContext, store } = kernel()
  for (const board_id of [1, 2, 3]) await watched(registerContext, {}, "board", { board_id })
  requests.length = 0
  for (const id of [1, 2, 1, 2, 1]) store.invalidate(`board;board_id=${id}`)
  assert.equal(requests.length, 0)
  await settled()
  assert.equal(requests.length, 1)
  assert.deepEqual(urls(), ['fresh board;board_id=%"1"@e1', 'fresh board;board_id=%"2"@e1'])
})

test("what nobody watches is not fetched, until somebody does", async () => {
  const { registerContext, store } = kernel()
  const { undo, subscribe, getState } = await watched(registerContext, { n: 1 })
  undo()
  store.invalidate("board")
  await settled()
  assert.equal(requests.length, 1)
  subscribe(() => {})
  await settled()
  assert.equal(requests.length, 2)
  assert.deepEqual(getState(), state("success", { n: 1 }), "the old data stays until the new is there")
})

test("who subscribes again to what is fresh fetches nothing", async () => {
  const { registerContext } = kernel()
  const { undo, subscribe } = await watched(registerContext, {})
  undo()
  subscribe(() => {})
  await settled()
  assert.equal(requests.length, 1)
})

test("listeners are told in the order of their subscription, of the state that is there", async () => {
  const { registerContext, store } = kernel()
  const { getState, subscribe } = await watched(registerContext, 1)
  const told = []
  const listener = (now) => told.push(["b", now === getState()])
  const undo = subscribe(listener)
  subscribe((now) => told.push(["c", now === getState()]))
  subscribe(listener)
  undo()
  undo()
  store.invalidate("board")
  await settled()
  await requests[1].answer({ n: 2 })
  assert.deepEqual(told, [["c", true], ["b", true]])
})

test("an error in one listener does not starve the rest", async () => {
  const { registerContext, store } = kernel()
  const { subscribe, heard } = await watched(registerContext, 1)
  const faults = []
  stub("reportError", (fault) => faults.push(fault.message))
  subscribe(() => {
    throw Error("mine")
  })
  subscribe((now) => heard.push(now))
  store.invalidate("board")
  await settled()
  await requests[1].answer({ n: 2 })
  assert.deepEqual([faults, heard.length], [["mine"], 2])
  delete globalThis.document // in Node
  const printed = mock.method(console, "error", () => {})
  store.invalidate("board")
  await settled()
  await requests[2].answer({ n: 3 })
  assert.deepEqual([printed.mock.callCount(), heard.length], [1, 4])
})

test("whoever leaves while listeners are told is told nothing more; whoever comes, the next time", async () => {
  const { registerContext, store } = kernel()
  const { subscribe } = await watched(registerContext, 1)
  const told = []
  const undo = subscribe(() => {
    told.push("first")
    undo()
    undoSecond()
    subscribe(() => told.push("late"))
  })
  const undoSecond = subscribe(() => told.push("second"))
  for (const n of [2, 3]) {
    store.invalidate("board")
    await settled()
    await requests.at(-1).answer({ n })
  }
  assert.deepEqual(told, ["first", "late"])
})

test("an entry goes with the last who registered, and each leaves once", async () => {
  const { registerContext, store } = kernel()
  const [a, b] = [await watched(registerContext, { n: 1 }), registerContext("board", { board_id: 3 })]
  b.unregister()
  b.unregister()
  assert.equal(registerContext("board", { board_id: 3 }).getState(), a.getState())
  const { store: other, registerContext: register } = kernel()
  const c = await watched(register, { n: 1 })
  c.unregister()
  other.invalidate("*")
  await settled()
  assert.equal(requests.length, 2)
  assert.equal(register("board", { board_id: 3 }).getState().status, "idle")
  store.invalidate("*")
  await settled()
  assert.equal(requests.length, 3)
})

test("an answer that comes after all have left reaches nobody", async () => {
  // case F-5
  const { registerContext } = kernel()
  const entry = registerContext("board")
  const heard = []
  entry.subscribe(({ status }) => heard.push(status))
  await settled()
  entry.unregister()
  const next = registerContext("board")
  await requests[0].answer({ n: 1 })
  assert.deepEqual([heard, next.getState().status], [["loading"], "idle"])
})

test("10,000 mounts and unmounts leave the heap as it was", () => {
  // case F-5
  const script = new URL("./mounting.js", import.meta.url).pathname
  const grown = Number(execFileSync(process.execPath, ["--expose-gc", script], { encoding: "utf-8" }))
  assert.ok(grown < 1_000_000, `${grown} bytes more`)
})

function name(params) {
  return params ? `{${Object.entries(params).map(([p, v]) => `${p}: ${typeof v === "string" ? `"${v}"` : v}`)}}` : "none"
}
