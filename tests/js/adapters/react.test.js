// react.js under React 19 and 18, bundled with each as an application is.

import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, mock, test } from "node:test"

import { stub } from "../stubs.js"
import { bundle, holdServer, listen, look, openPage, sendData, settled } from "./page.js"

const LINES = [
  `export * from "./react.js"`,
  `export * as kernel from "./kernel.js"`,
  `export * as React from "react"`,
  `export { createRoot, hydrateRoot } from "react-dom/client"`,
  `export { flushSync } from "react-dom"`,
  `export { renderToString } from "react-dom/server"`,
]
const VERSIONS = { 19: {}, 18: { react: "react-18", "react-dom": "react-dom-18" } }

globalThis.IS_REACT_ACT_ENVIRONMENT = true
openPage()

// act() leaves channels of Node open, and an open one keeps the process from ending.
class Channel {
  port1 = {}
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage({})) }
}
stub("MessageChannel", Channel)

for (const [version, alias] of Object.entries(VERSIONS)) {
  const library = await bundle(LINES, alias)
  describe(`React ${version}`, () => cases(version, library))
}

function cases(version, { React, createRoot, hydrateRoot, flushSync, renderToString, kernel, ...adapter }) {
  const { createElement: h, StrictMode, Suspense, startTransition, useState } = React
  const { useContextData, useMutation, MizanProvider, useGlobal } = adapter
  const { registerContext, invalidate, MizanError } = kernel
  const act = (play) => React.act(async () => (await play(), await settled()))
  let server, said, roots, box

  beforeEach(() => {
    server = holdServer()
    said = listen()
    roots = []
    box = document.createElement("div")
    document.body.append(box)
  })

  afterEach(async () => {
    for (const root of roots) await act(() => root.unmount())
    await settled()
    box.remove()
    mock.restoreAll()
    assert.deepEqual(said, [])
  })

  const Board = ({ id, say = () => {} }) => {
    const { data, status, error } = useContextData("board", { board_id: id })
    say({ data, status, error })
    return `${status} ${data?.open ?? "-"} ${error?.code ?? ""}`.trim()
  }

  async function render(element, root = createRoot(box)) {
    if (!roots.includes(root)) roots.push(root)
    await act(() => root.render(element))
    return root
  }
  const answer = (...words) => act(() => server.answer(...words))
  const gone = (id) => assert.equal(look(kernel, "board", { board_id: id }).status, "idle")

  test("is the version it says", () => assert.equal(React.version.split(".")[0], version))

  test("loads, and shows what comes", async () => {
    await render(h(Board, { id: 3 }))
    assert.equal(box.textContent, "loading -")
    assert.deepEqual(server.asked, ["ctx/board/?board_id=3"])
    await answer({ open: 5 })
    assert.equal(box.textContent, "success 5")
  })

  test("StrictMode mounts twice, fetches once, and leaves nothing", async () => {
    // case F-18
    const root = await render(h(StrictMode, null, h(Board, { id: 4 })))
    assert.equal(server.asked.length, 1)
    await answer({ open: 1 })
    assert.equal(box.textContent, "success 1")
    await act(() => root.unmount())
    gone(4)
  })

  test("an object literal of the same content does not fetch again", async () => {
    const root = await render(h(Board, { id: 5 }))
    await answer({ open: 1 })
    for (let n = 0; n < 5; n++) await render(h(Board, { id: 5 }), root)
    assert.equal(server.asked.length, 1)
  })

  test("neither the order of properties nor a BigInt fetches again", async () => {
    const Two = ({ params }) => useContextData("pair", params).status
    const root = await render(h(Two, { params: { a: 1, b: 2 } }))
    await render(h(Two, { params: { b: 2, a: 1 } }), root)
    await render(h(Two, { params: { b: 2n, a: "1" } }), root)
    assert.equal(server.asked.length, 1)
    await answer({})
    assert.equal(box.textContent, "success")
  })

  test("other params move to the other entry, and leave the first", async () => {
    const states = []
    const say = (state) => states.push(state)
    const root = await render(h(Board, { id: 6, say }))
    await answer({ open: 6 })
    states.length = 0
    await render(h(Board, { id: 7, say }), root)
    assert.equal(box.textContent, "loading -")
    assert.ok(states.every(({ data }) => data === undefined), "it showed the other board's data")
    gone(6)
    await answer({ open: 7 })
    assert.equal(box.textContent, "success 7")
  })

  test("two components share one entry, and are never of two minds", async () => {
    const root = await render([h(Board, { id: 8, key: 1 }), "|", h(Board, { id: 8, key: 2 })])
    assert.equal(server.asked.length, 1)
    await answer({ open: 1 })
    assert.equal(box.textContent, "success 1|success 1")
    await render([h(Board, { id: 8, key: 1 })], root)
    await act(async () => invalidate("board;board_id=8"))
    await answer({ open: 2 })
    assert.equal(box.textContent, "success 2")
  })

  test("an error keeps the data", async () => {
    await render(h(Board, { id: 9 }))
    await answer({ open: 1 })
    await act(async () => invalidate("board;board_id=9"))
    await answer({ error: { code: "not_found" } }, 404)
    assert.equal(box.textContent, "error 1 not_found")
  })

  test("unmounted it watches no more, whoever else holds the entry", async () => {
    const entry = registerContext("board", { board_id: 17 })
    const root = await render(h(Board, { id: 17 }))
    await answer({ open: 1 })
    await act(() => root.unmount())
    await act(() => invalidate("board;board_id=17"))
    assert.equal(server.asked.length, 1)
    entry.unregister()
  })

  test("unmounted in flight it is silent, and leaves nothing", async () => {
    const root = await render(h(Board, { id: 10 }))
    await act(() => root.unmount())
    await answer({ open: 1 })
    gone(10)
  })

  test("a render that never commits leaves no entry", async () => {
    const never = new Promise(() => {})
    const Waits = () => {
      useContextData("board", { board_id: 11 })
      throw never
    }
    const root = await render(h(Suspense, { fallback: "…" }, h(Waits)))
    assert.equal(box.textContent, "…")
    assert.deepEqual(server.asked, [])
    gone(11)
    await act(() => root.unmount())
  })

  test("a transition that the store interrupts shows no two states at once", async () => {
    // case F-18: every commit is looked at, before the browser could paint it
    globalThis.IS_REACT_ACT_ENVIRONMENT = false
    const commits = []
    let show, interrupt
    const Slow = () => {
      const { data } = useContextData("board", { board_id: 12 })
      interrupt?.()
      return `${data?.open} `
    }
    const Page = () => {
      const [many, set] = useState(1)
      show = set
      React.useLayoutEffect(() => void commits.push(box.textContent))
      return Array.from({ length: many }, (_, key) => h(Slow, { key }))
    }
    const root = createRoot(box)
    flushSync(() => root.render(h(Page)))
    await until(() => server.waiting.length)
    await server.answer({ open: 1 })
    await until(() => box.textContent === "1 ")
    invalidate("board;board_id=12")
    await until(() => server.waiting.length)
    // React yields to the event loop in between; the answer comes then.
    let seen = 0
    interrupt = () => {
      if (++seen === 2) server.answer({ open: 2 })
      const start = performance.now()
      while (performance.now() - start < 6); // longer than React works at a stretch
    }
    startTransition(() => show(6))
    await until(() => box.textContent === "2 ".repeat(6))
    interrupt = undefined
    assert.ok(seen > 7, "the render was not interrupted")
    for (const text of commits) assert.ok(new Set(text.trim().split(" ")).size <= 1, text)
    flushSync(() => root.unmount())
    globalThis.IS_REACT_ACT_ENVIRONMENT = true
    await settled()
    gone(12)
  })

  test("the provider holds the global context for all", async () => {
    const Name = () => useGlobal().data?.user ?? "?"
    await render(h(MizanProvider, null, h(Name), h(Name)))
    assert.match(server.asked[0], /^ctx\/global\/\??$/)
    assert.equal(server.asked.length, 1)
    assert.equal(box.textContent, "??")
    await answer({ user: "Ann" })
    assert.equal(box.textContent, "AnnAnn")
  })

  test("on the server it is what the entry is, and nothing is fetched", async () => {
    assert.equal(renderToString(h(Board, { id: 13 })), "idle -")
    globalThis.__MIZAN_SSR_DATA__ = { "board;board_id=13": { status: 200, etag: "e", data: { open: 4 } } }
    assert.equal(renderToString(h(Board, { id: 13 })), "success 4")
    delete globalThis.__MIZAN_SSR_DATA__
    await settled()
    assert.deepEqual(server.asked, [])
  })

  test("with data of the page it hydrates, and fetches nothing", async () => {
    const undo = sendData({ "board;board_id=14": { status: 200, etag: "e", data: { open: 4 } }, global: { status: 200, etag: "g", data: { user: "Ann" } } })
    const Name = () => ` ${useGlobal().data.user}`
    const page = () => h(MizanProvider, null, h(Board, { id: 14 }), h(Name))
    box.innerHTML = renderToString(page())
    assert.equal(box.textContent, "success 4 Ann")
    const before = box.firstChild
    await act(() => roots.push(hydrateRoot(box, page())))
    await settled()
    assert.equal(box.textContent, "success 4 Ann")
    assert.equal(box.firstChild, before)
    assert.deepEqual(server.asked, [])
    undo()
  })

  test("hydrated late it begins with what the server rendered", async () => {
    const Name = ({ id }) => h("b", null, h(Board, { id }))
    box.innerHTML = renderToString(h(Name, { id: 15 }))
    const entry = registerContext("board", { board_id: 15 })
    const undo = entry.subscribe(() => {})
    await settled()
    await answer({ open: 7 })
    const before = box.firstChild
    await act(() => roots.push(hydrateRoot(box, h(Name, { id: 15 }))))
    assert.equal(box.firstChild, before)
    assert.equal(box.textContent, "success 7")
    undo()
    entry.unregister()
  })

  test("without a provider useGlobal says what is missing", () => {
    const Name = () => useGlobal().data
    assert.throws(() => renderToString(h(Name)), /MizanProvider/)
  })

  function mutation() {
    const seen = {}
    const Move = () => {
      Object.assign(seen, useMutation("move_card"))
      return `${seen.isPending} ${seen.error?.code}`
    }
    return [Move, seen]
  }

  test("a mutation says that it is pending, and resolves with the result", async () => {
    const [Move, seen] = mutation()
    await render(h(Move))
    assert.equal(box.textContent, "false undefined")
    const { mutate } = seen
    let result
    await act(async () => void mutate({ card_id: 7 }).then((value) => (result = value)))
    assert.equal(box.textContent, "true undefined")
    await answer({ result: { id: 7 }, invalidate: [] })
    assert.equal(box.textContent, "false undefined")
    assert.deepEqual(result, { id: 7 })
    assert.equal(seen.mutate, mutate)
  })

  test("a failed mutation rejects, and its error stays until the next", async () => {
    const [Move, seen] = mutation()
    await render(h(Move))
    let call
    await act(async () => void (call = seen.mutate({})))
    await answer({ error: { code: "invalid", message: "no", details: [{ loc: ["title"], message: "too short" }] } }, 422)
    assert.equal(box.textContent, "false invalid") // and nothing is unhandled, though nobody had caught it
    await assert.rejects(call, MizanError)
    assert.equal(seen.error.details[0].message, "too short")
    await act(async () => void seen.mutate({}))
    assert.equal(box.textContent, "true undefined")
    await answer({ result: null, invalidate: [] })
  })

  test("of two at once it is pending until the last ends, and the error is the newest's", async () => {
    const [Move, seen] = mutation()
    await render(h(Move))
    await act(async () => void (seen.mutate({ n: 1 }), seen.mutate({ n: 2 })))
    await answer({ error: { code: "invalid" } }, 422, 1)
    assert.equal(box.textContent, "true invalid")
    await answer({ error: { code: "forbidden" } }, 403)
    assert.equal(box.textContent, "false invalid")
    await act(async () => void (seen.mutate({ n: 1 }), seen.mutate({ n: 2 })))
    await answer({ error: { code: "forbidden" } }, 403)
    assert.equal(box.textContent, "true undefined")
    await answer({ result: 1, invalidate: [] })
    assert.equal(box.textContent, "false undefined")
  })

  test("a mutation unmounted in flight is silent and still resolves", async () => {
    const [Move, seen] = mutation()
    const root = await render(h(StrictMode, null, h(Move)))
    let call
    await act(async () => void (call = seen.mutate({})))
    await act(() => root.unmount())
    await answer({ result: 9, invalidate: [] })
    assert.equal(await call, 9)
  })

  test("1,000 mounts and unmounts leave no entry", async () => {
    const root = await render(null)
    await act(() => {
      for (let id = 1000; id < 2000; id++) flushSync(() => root.render(h(Board, { id, key: id })))
    })
    await act(() => root.unmount())
    for (let id = 1000; id < 2000; id++) gone(id)
  })

  if (React.Activity) {
    test("a hidden tree leaves its entry, and shows the newest when it is shown again", async () => {
      const board = [h(Board, { id: 16 }), h(Board, { id: 16 })]
      const page = (mode, nth) => h(React.Activity, { mode }, board[nth])
      const root = await render(page("visible", 0))
      await answer({ open: 1 })
      await render(page("visible", 1), root) // from now on React has no reason of its own to render it, or to look
      await render(page("hidden", 1), root)
      gone(16)
      const entry = registerContext("board", { board_id: 16 })
      const undo = entry.subscribe(() => {})
      await settled()
      await answer({ open: 2 })
      await render(page("visible", 1), root)
      assert.equal(box.textContent, "success 2")
      assert.equal(server.asked.length, 2)
      undo()
      entry.unregister()
    })
  }
}

async function until(true_) {
  for (let n = 0; n < 500 && !true_(); n++) await settled()
  assert.ok(true_(), `${true_}`)
}
