// vue.js under Vue 3.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"

import { holdServer, listen, look, openPage, sendData, settled, STATIC } from "./page.js"

openPage()
const { createApp, createSSRApp, defineComponent, effectScope, h, KeepAlive, nextTick, reactive, ref, shallowRef } =
  await import("vue")
const { renderToString } = await import("vue/server-renderer")
const { useContextData, useMutation } = await import(`${STATIC}vue.js`)
const kernel = await import(`${STATIC}kernel.js`)
const { invalidate, MizanError } = kernel

let server, said, box, apps

beforeEach(() => {
  server = holdServer()
  said = listen()
  apps = []
  box = document.createElement("div")
  document.body.append(box)
})

afterEach(async () => {
  for (const app of apps) app.unmount()
  await settled()
  box.remove()
  mock.restoreAll()
  assert.deepEqual(said, [])
})

const Board = defineComponent({
  props: ["id"],
  setup(props) {
    const { data, status, error } = useContextData("board", () => ({ board_id: props.id }))
    return () => `${status.value} ${data.value?.open ?? "-"} ${error.value?.code ?? ""}`.trim()
  },
})

function mount(component, props, create = createApp) {
  const app = create(component, props)
  apps.push(app)
  app.mount(box)
  return app
}

const gone = (id) => assert.equal(look(kernel, "board", { board_id: id }).status, "idle")

async function unmount(app) {
  apps.splice(apps.indexOf(app), 1)
  app.unmount()
  await settled()
}

test("loads, shows what comes, and leaves nothing", async () => {
  const app = mount(Board, { id: 3 })
  await settled()
  assert.equal(box.textContent, "loading -")
  assert.deepEqual(server.asked, ["ctx/board/?board_id=3"])
  await server.answer({ open: 5 })
  assert.equal(box.textContent, "success 5")
  await unmount(app)
  gone(3)
})

test("two components share one entry", async () => {
  mount(() => [h(Board, { id: 4 }), "|", h(Board, { id: 4 })])
  await settled()
  await server.answer({ open: 1 })
  assert.equal(server.asked.length, 1)
  assert.equal(box.textContent, "success 1|success 1")
})

test("an error keeps the data", async () => {
  mount(Board, { id: 5 })
  await settled()
  await server.answer({ open: 1 })
  invalidate("board;board_id=5")
  await settled()
  await server.answer({ error: { code: "not_found" } }, 404)
  assert.equal(box.textContent, "error 1 not_found")
})

test("params that change move to the other entry, and leave the first", async () => {
  const id = ref(6)
  const shown = []
  mount(() => h(Board, { id: id.value, onVnodeUpdated: () => shown.push(box.textContent) }))
  await settled()
  await server.answer({ open: 6 })
  shown.length = 0
  id.value = 7
  await settled()
  assert.ok(!shown.includes("success 6"), "it showed the other board's data")
  assert.equal(box.textContent, "loading -")
  gone(6)
  await server.answer({ open: 7 })
  assert.equal(box.textContent, "success 7")
  assert.deepEqual(server.asked, ["ctx/board/?board_id=6", "ctx/board/?board_id=7"])
})

for (const [kind, make] of Object.entries({
  "a plain object": (id) => [{ board_id: id }],
  "a ref": (id) => [ref({ board_id: id }), (params) => (params.value = { board_id: id })],
  "a shallow ref": (id) => [shallowRef({ board_id: id }), (params) => (params.value = { board_id: id })],
  "a reactive object": (id) => [reactive({ board_id: id }), (params) => (params.board_id = `${id}`)],
  "a getter": (id) => [() => ({ board_id: id })],
})) {
  test(`${kind} gives params, and the same content fetches once`, async () => {
    const [params, touch = () => {}] = make(20)
    const app = mount(() => h({ setup: () => { const { data } = useContextData("board", params); return () => data.value?.open } }))
    await settled()
    touch(params)
    await settled()
    await server.answer({ open: 2 })
    assert.equal(server.asked.length, 1)
    assert.equal(box.textContent, "2")
    await unmount(app)
    gone(20)
  })
}

test("in an effect scope without a component it ends with the scope", async () => {
  const scope = effectScope()
  const id = ref(8)
  const { data, status } = scope.run(() => useContextData("board", () => ({ board_id: id.value })))
  await settled()
  assert.equal(status.value, "loading")
  await server.answer({ open: 8 })
  assert.deepEqual([status.value, data.value], ["success", { open: 8 }])
  id.value = 9
  await settled()
  assert.equal(status.value, "loading")
  scope.stop()
  await settled()
  gone(8)
  gone(9)
  await server.answer({ open: 9 })
  assert.equal(status.value, "loading")
})

test("data is not made reactive: it is what the kernel holds", async () => {
  const scope = effectScope()
  const { data } = scope.run(() => useContextData("board", { board_id: 21 }))
  await settled()
  await server.answer({ cards: [{ id: 1 }] })
  assert.equal(data.value, look(kernel, "board", { board_id: 21 }).data)
  scope.stop()
})

test("what KeepAlive hides keeps its entry, is not fetched, and is fresh when it is shown again", async () => {
  // case F-18
  const shown = ref(true)
  const Other = defineComponent(() => () => "other")
  const app = mount(() => h(KeepAlive, null, () => (shown.value ? h(Board, { id: 10 }) : h(Other))))
  await settled()
  assert.equal(server.asked.length, 1)
  await server.answer({ open: 1 })
  shown.value = false
  await settled()
  assert.equal(box.textContent, "other")
  assert.equal(look(kernel, "board", { board_id: 10 }).status, "success")
  shown.value = true
  await settled()
  assert.equal(box.textContent, "success 1")
  assert.equal(server.asked.length, 1)
  shown.value = false
  await settled()
  invalidate("board;board_id=10")
  await settled()
  assert.equal(server.asked.length, 1, "nobody sees it")
  shown.value = true
  await settled()
  assert.equal(server.asked.length, 2)
  await server.answer({ open: 2 })
  assert.equal(box.textContent, "success 2")
  await unmount(app)
  gone(10)
})

test("the server awaits the data and renders it", async () => {
  const html = renderToString(createSSRApp(Board, { id: 11 }))
  await settled()
  assert.deepEqual(server.asked, ["ctx/board/?board_id=11"])
  await server.answer({ open: 4 })
  assert.equal(await html, "success 4")
  assert.equal(server.asked.length, 1)
  gone(11)
})

test("the server renders an error as a state", async () => {
  const html = renderToString(createSSRApp(Board, { id: 12 }))
  await settled()
  await server.answer({ error: { code: "forbidden" } }, 403)
  assert.equal(await html, "error - forbidden")
  gone(12)
})

test("with data of the page neither the server nor the hydration fetches", async () => {
  const undo = sendData({ "board;board_id=13": { status: 200, etag: "e", data: { open: 4 } } })
  const Page = { render: () => h("p", h(Board, { id: 13 })) }
  box.innerHTML = await renderToString(createSSRApp(Page))
  assert.equal(box.innerHTML, "<p>success 4</p>")
  const before = box.firstChild
  mount(Page, {}, createSSRApp)
  await settled()
  assert.equal(box.firstChild, before)
  assert.equal(box.innerHTML, "<p>success 4</p>")
  assert.deepEqual(server.asked, [])
  undo()
})

test("unmounted in flight it is silent", async () => {
  const app = mount(Board, { id: 14 })
  await settled()
  await unmount(app)
  await server.answer({ open: 1 })
  gone(14)
})

test("1,000 mounts and unmounts leave no entry", async () => {
  const id = ref(1000)
  const app = mount(() => h(Board, { id: id.value, key: id.value }))
  while (id.value < 1999) {
    id.value++
    await nextTick()
  }
  await unmount(app)
  for (let n = 1000; n < 2000; n++) gone(n)
})

function mutation() {
  const scope = effectScope()
  return [scope.run(() => useMutation("move_card")), scope]
}
const told = ({ isPending, error }) => `${isPending.value} ${error.value?.code}`

test("a mutation says that it is pending, and resolves with the result", async () => {
  const [move] = mutation()
  assert.equal(told(move), "false undefined")
  const call = move.mutate({ card_id: 7 })
  assert.equal(told(move), "true undefined")
  await settled()
  await server.answer({ result: { id: 7 }, invalidate: [] })
  assert.deepEqual(await call, { id: 7 })
  assert.equal(told(move), "false undefined")
})

test("a failed mutation rejects, and its error stays until the next", async () => {
  const [move] = mutation()
  const call = move.mutate({})
  await settled()
  await server.answer({ error: { code: "invalid", details: [{ loc: ["title"], message: "too short" }] } }, 422)
  assert.equal(told(move), "false invalid") // and nothing is unhandled, though nobody had caught it
  await assert.rejects(call, MizanError)
  assert.equal(move.error.value.details[0].message, "too short")
  move.mutate({})
  assert.equal(told(move), "true undefined")
})

test("of two at once it is pending until the last ends, and the error is the newest's", async () => {
  const [move, scope] = mutation()
  move.mutate({ n: 1 })
  move.mutate({ n: 2 })
  await settled()
  await server.answer({ error: { code: "invalid" } }, 422, 1)
  assert.equal(told(move), "true invalid")
  await server.answer({ error: { code: "forbidden" } }, 403)
  assert.equal(told(move), "false invalid")
  scope.stop()
})

test("a mutation unmounted in flight is silent and still resolves", async () => {
  let move
  const app = mount(() => h({ setup: () => ((move = useMutation("move_card")), () => `${move.isPending.value}`) }))
  const call = move.mutate({})
  await settled()
  await unmount(app)
  await server.answer({ result: 9, invalidate: [] })
  assert.equal(await call, 9)
})
