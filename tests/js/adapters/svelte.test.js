// svelte.js under Svelte 5 and 4, by their stores and by a component.

import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, mock, test } from "node:test"

import { compile as compile5 } from "svelte/compiler"
import { compile as compile4 } from "svelte-4/compiler"

import { bundle, holdServer, listen, look, openPage, sendData, settled, STATIC } from "./page.js"

const SOURCE = `
<script>
  import { contextData, mutation } from "./svelte.js"
  export let id
  const board = contextData("board", { board_id: id })
  const move = mutation("move_card")
</script>
<p>{$board.status} {$board.data?.open ?? "-"} {$move.isPending}</p>
<button on:click={() => move.mutate({ card_id: 7 })}>Move</button>
`

const LINES = [
  `export * from "./svelte.js"`,
  `export * as kernel from "./kernel.js"`,
  `export * as svelte from "svelte"`,
  `export * as store from "svelte/store"`,
  `export { default as Board } from "component"`,
]
const SERVER = { 5: `export { render } from "svelte/server"`, 4: "" }

const compilers = {
  5: (generate) => compile5(SOURCE, { generate }).js.code,
  4: (generate) => compile4(SOURCE, { generate: { client: "dom", server: "ssr" }[generate] }).js.code,
}

function library(version, generate) {
  const contents = compilers[version](generate)
  const component = (build) => {
    build.onResolve({ filter: /^component$/ }, ({ path }) => ({ path, namespace: "component" }))
    build.onLoad({ filter: /./, namespace: "component" }, () => ({ contents, resolveDir: STATIC }))
  }
  const lines = generate === "server" ? [...LINES, SERVER[version]] : LINES
  return bundle(lines, version === 4 ? { svelte: "svelte-4" } : {}, {
    conditions: generate === "client" ? ["browser"] : [],
    plugins: [{ name: "component", setup: component }],
  })
}

openPage()

for (const version of [5, 4]) {
  const [client, server] = [await library(version, "client"), await library(version, "server")]
  describe(`Svelte ${version}`, () => cases(version, client, server))
}

function cases(version, client, onServer) {
  const { contextData, mutation, kernel, Board, svelte } = client
  const { derived, get } = client.store
  const { invalidate, MizanError } = kernel
  let server, said

  beforeEach(() => {
    server = holdServer()
    said = listen()
  })

  afterEach(async () => {
    await settled()
    mock.restoreAll()
    assert.deepEqual(said, [])
  })

  const board = (id) => contextData("board", { board_id: id })
  const gone = (id) => assert.equal(look(kernel, "board", { board_id: id }).status, "idle")

  /** Subscribe and write down. */
  function write(store) {
    const seen = []
    const undo = store.subscribe((state) => seen.push(`${state.status} ${state.data?.open ?? "-"}`))
    return [seen, undo]
  }

  test("it subscribes with its first subscriber and leaves with its last", async () => {
    const store = board(3)
    await settled()
    assert.deepEqual(server.asked, [])
    const [first, leaveFirst] = write(store)
    await settled()
    const [second, leaveSecond] = write(store)
    assert.deepEqual(server.asked, ["ctx/board/?board_id=3"])
    await server.answer({ open: 5 })
    assert.deepEqual([first.at(-1), second], ["success 5", ["loading -", "success 5"]])
    leaveFirst()
    await settled()
    assert.equal(look(kernel, "board", { board_id: 3 }).status, "success")
    leaveSecond()
    await settled()
    gone(3)
  })

  test("two stores of one context share its entry", async () => {
    const [[one, leaveOne], [two, leaveTwo]] = [write(board(4)), write(board(4))]
    await settled()
    await server.answer({ open: 1 })
    assert.equal(server.asked.length, 1)
    assert.deepEqual([one.at(-1), two.at(-1)], ["success 1", "success 1"])
    leaveOne()
    leaveTwo()
  })

  test("subscribed, left and subscribed again it fetches once", async () => {
    const store = board(5)
    write(store)[1]()
    const [seen, leave] = write(store)
    await settled()
    assert.equal(server.asked.length, 1)
    await server.answer({ open: 1 })
    assert.equal(seen.at(-1), "success 1")
    leave()
  })

  test("left and taken up at once, as from page to page, it keeps its data", async () => {
    const [, leave] = write(board(15))
    await settled()
    await server.answer({ open: 1 })
    leave()
    const [seen, leaveAgain] = write(board(15))
    await settled()
    assert.deepEqual(seen, ["success 1"])
    assert.equal(server.asked.length, 1)
    leaveAgain()
  })

  test("taken up later it shows nothing old", async () => {
    const store = board(6)
    const [, leave] = write(store)
    await settled()
    await server.answer({ open: 1 })
    leave()
    await settled()
    const [seen, leaveAgain] = write(store)
    assert.ok(!seen.includes("success 1"), seen.join())
    await settled()
    await server.answer({ open: 2 })
    assert.equal(seen.at(-1), "success 2")
    leaveAgain()
  })

  test("a derived store follows it, and holds it", async () => {
    const seen = []
    const open = derived([board(7), board(8)], ([a, b]) => (a.data?.open ?? 0) + (b.data?.open ?? 0))
    const leave = open.subscribe((sum) => seen.push(sum))
    await settled()
    assert.equal(server.asked.length, 1)
    const fresh = (open) => ({ status: 200, etag: "e", data: { open } })
    await server.answer({ contexts: { 'board;board_id=%"7"': fresh(1), 'board;board_id=%"8"': fresh(20) } })
    assert.equal(seen.at(-1), 21)
    leave()
    await settled()
    gone(7)
    gone(8)
  })

  test("it is told once of each state", async () => {
    const [seen, leave] = write(board(9))
    await settled()
    await server.answer({ open: 1 })
    invalidate("board;board_id=9")
    await settled()
    await server.answer({ open: 2 })
    leave()
    assert.deepEqual(seen.filter((state, n) => state.startsWith("success") && state === seen[n - 1]), [])
  })

  test("an error keeps the data", async () => {
    const store = board(10)
    const [, leave] = write(store)
    await settled()
    await server.answer({ open: 1 })
    invalidate("board;board_id=10")
    await settled()
    await server.answer({ error: { code: "not_found" } }, 404)
    const { status, data, error } = get(store)
    assert.deepEqual([status, data, error.code], ["error", { open: 1 }, "not_found"])
    leave()
  })

  test("left in flight it is silent", async () => {
    const [seen, leave] = write(board(11))
    await settled()
    leave()
    const before = seen.length
    await settled()
    if (server.waiting.length) await server.answer({ open: 1 })
    assert.equal(seen.length, before)
    gone(11)
  })

  test("1,000 stores that came and went leave no entry", async () => {
    for (let id = 1000; id < 2000; id++) write(board(id))[1]()
    await settled()
    for (let id = 1000; id < 2000; id++) gone(id)
  })

  test("data of the page is there at once, and nothing is fetched", async () => {
    const undo = sendData({ "board;board_id=12": { status: 200, etag: "e", data: { open: 4 } } })
    const [seen, leave] = write(board(12))
    await settled()
    assert.deepEqual(seen, ["success 4"])
    assert.deepEqual(server.asked, [])
    leave()
    undo()
  })

  const told = (move) => `${get(move).isPending} ${get(move).error?.code}`

  test("a mutation says that it is pending, and resolves with the result", async () => {
    const move = mutation("move_card")
    const call = move.mutate({ card_id: 7 })
    assert.equal(told(move), "true undefined")
    await settled()
    await server.answer({ result: { id: 7 }, invalidate: [] })
    assert.deepEqual(await call, { id: 7 })
    assert.equal(told(move), "false undefined")
  })

  test("a failed mutation rejects, and its error stays until the next", async () => {
    const move = mutation("move_card")
    const call = move.mutate({})
    await settled()
    await server.answer({ error: { code: "invalid", details: [{ loc: ["title"], message: "too short" }] } }, 422)
    assert.equal(told(move), "false invalid") // and nothing is unhandled, though nobody had caught it
    await assert.rejects(call, MizanError)
    assert.equal(get(move).error.details[0].message, "too short")
    move.mutate({})
    assert.equal(told(move), "true undefined")
  })

  test("of two at once it is pending until the last ends, and the error is the newest's", async () => {
    const move = mutation("move_card")
    move.mutate({ n: 1 })
    move.mutate({ n: 2 })
    await settled()
    await server.answer({ error: { code: "invalid" } }, 422, 1)
    assert.equal(told(move), "true invalid")
    await server.answer({ error: { code: "forbidden" } }, 403)
    assert.equal(told(move), "false invalid")
  })

  const mount = (props) =>
    version === 5 ? svelte.mount(Board, { target: document.body, props }) : new Board({ target: document.body, props })
  const unmount = (component) => (version === 5 ? svelte.unmount(component) : component.$destroy())
  const shown = () => document.querySelector("p").textContent

  test("a component shows it, calls, and leaves nothing when it is destroyed in flight", async () => {
    const component = mount({ id: 13 })
    await settled()
    assert.equal(shown(), "loading - false")
    await server.answer({ open: 3 })
    assert.equal(shown(), "success 3 false")
    document.querySelector("button").click()
    await settled()
    assert.equal(shown(), "success 3 true")
    await unmount(component)
    await server.answer({ result: null, invalidate: [] })
    gone(13)
  })

  test("on the server a component shows what is there, and nothing is fetched", async () => {
    const html = () =>
      version === 5 ? onServer.render(onServer.Board, { props: { id: 14 } }).body : onServer.Board.render({ id: 14 }).html
    assert.match(html(), /<p>(idle|loading) - false<\/p>/)
    await settled()
    globalThis.__MIZAN_SSR_DATA__ = { "board;board_id=14": { status: 200, etag: "e", data: { open: 4 } } }
    assert.match(html(), /<p>success 4 false<\/p>/)
    delete globalThis.__MIZAN_SSR_DATA__
    await settled()
    assert.deepEqual(server.asked, [])
  })
}
