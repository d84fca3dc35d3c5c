// The user changed while contexts are fetched: with the kernel as it is built, once for each page.

import assert from "node:assert/strict"
import { test } from "node:test"

import { holding, openPage, settled } from "./stubs.js"

const LEAVING = [
  ["401", 401, {}, "login 401", "unauthenticated"],
  ["another's epoch", 200, { "X-Mizan-Epoch": "other" }, "reload", "user_changed"],
]
for (const [what, status, headers, first, code] of LEAVING) {
  test(`nothing of an answer with ${what} is applied, nor of any that comes after it`, async () => {
    // cases F-11, F-20, R-14
    const happened = openPage()
    const requests = holding()
    delete globalThis[Symbol.for("mizan.kernel")]
    const { configure, invalidate, registerContext } = await import(`../../mizan_htmx/static/mizan_htmx/kernel.js?${code}`)
    configure({ login: "/login/", epoch: "mine" })
    const [board, inbox] = ["board", "inbox"].map((name) => registerContext(name))
    for (const entry of [board, inbox]) {
      entry.subscribe(() => {})
      await settled()
    }
    await requests[0].answer({ n: 1 }, { "X-Mizan-Epoch": "mine" })
    invalidate("board")
    await settled()
    await requests[2].answer({ n: "other's" }, { ...headers, "X-Mizan-Invalidate": "*", ETag: '"o"' }, status)
    await requests[1].answer({ n: "old user's" }, { "X-Mizan-Epoch": "mine" })
    assert.equal(happened[0], first)
    assert.deepEqual([board.getState().data, board.getState().error.code], [{ n: 1 }, code])
    assert.deepEqual([inbox.getState().data, requests.length], [undefined, 3])
    assert.equal(happened.filter((said) => /assign|reload/.test(said)).length, 1)
  })
}
