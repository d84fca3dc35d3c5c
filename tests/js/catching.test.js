// What came into the page with an answer that was asked for before an invalidation; and a page that waits itself.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

import { isBrought } from "../../mizan_htmx/static/mizan_htmx/src/filled.js"
import { parse } from "../../mizan_htmx/static/mizan_htmx/src/keys.js"
import { bind, stopClock, stub, turn } from "./stubs.js"

let pass
beforeEach(() => {
  pass = stopClock()
})

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
  delete globalThis.document
})

/** A store in which something comes in by an answer. `come(keys, act)`: what of it is refetched. */
function arriving(bound = {}) {
  const { store, bindings, sent } = bind(bound)
  const come = async (keys, asked) => {
    bindings.new = { name: "new", keys: parse(keys) }
    store.refetch(store.missed(asked).filter((binding) => isBrought({}, binding)))
    await turn()
    return sent.splice(0)
  }
  return { store, bindings, sent, come }
}

for (const [keys, isMissed] of [
  ["a;x=1", true],
  ["a", true],
  ["b, a;y=2", true],
  ["a;x=2", false],
  ["b", false],
]) {
  test(`${keys} that was bound by an answer older than a;x=1 is ${isMissed ? "" : "not "}refetched`, async () => {
    // case F-3
    const { store, come } = arriving()
    const asked = store.ask({})
    store.invalidate("a;x=1")
    assert.deepEqual(await come(keys, asked), isMissed ? [["new"]] : [])
  })
}

test("what came with an answer asked for after the invalidation is not", async () => {
  // case F-3
  const { store, come } = arriving()
  store.invalidate("a")
  assert.deepEqual(await come("a", store.ask({})), [])
})

test("each of several invalidations is remembered, by mark too, and what is new goes in one refetch", async () => {
  // case F-3
  const { store, bindings, come } = arriving()
  const asked = store.ask({})
  for (const keys of ["b", "c;x=1", "d"]) store.mark(parse(keys), "htmx")
  bindings.other = { name: "other", keys: parse("d;y=1") }
  assert.deepEqual(await come("c", asked), [["other", "new"]])
})

test("what was there already is left alone: it is refetched for itself", async () => {
  // case F-3
  const { store, bindings, sent, come } = arriving({ marked: "a", asked: "a" })
  const asked = store.ask({})
  store.ask(bindings.asked)
  store.mark(parse("a;x=1"), "call")
  assert.deepEqual(await come("b", asked), [])
  store.refetch([bindings.marked])
  await turn()
  assert.deepEqual(sent, [["marked"]])
})

test("what asked for itself since is left alone", async () => {
  // case F-3: it was fetched on load
  const { store, bindings, sent } = arriving()
  const asked = store.ask({})
  store.invalidate("a")
  bindings.new = { name: "new", keys: parse("a") }
  store.ask(bindings.new)
  store.refetch(store.missed(asked).filter((binding) => isBrought({}, binding)))
  await turn()
  assert.deepEqual(sent, [])
})

test("many invalidations are remembered, each for what it reaches", async () => {
  // case F-3
  const { store, come } = arriving()
  const asked = store.ask({})
  for (let i = 0; i < 99; i++) store.mark(parse(`a;x=${i}`), "script")
  assert.deepEqual(await come("a;x=0", asked), [["new"]])
  assert.deepEqual(await come("a;x=99", asked), [])
})

test("where more happened than is remembered everything new is refetched", async () => {
  // case F-3: as with a header, it is widened, never cut
  const { store, come } = arriving()
  const asked = store.ask({})
  for (let i = 0; i < 101; i++) store.mark(parse(`a;x=${i}`), "script")
  assert.deepEqual(await come("a;x=0", asked), [["new"]])
  assert.deepEqual(await come("b", store.ask({})), [], "but not by an answer that came after all of it")
})

test("no more than a hundred are kept", async () => {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc")
  const { store } = arriving()
  const kept = Array.from({ length: 1_000 }, (_, i) => {
    const keys = parse(`a;x=${i}`)
    store.mark(keys, "script")
    return new WeakRef(keys)
  })
  await turn()
  collect()
  assert.equal(kept.filter((keys) => keys.deref()).length, 100)
})

test("a page that is only prerendered refetches when it is looked at, all in one go", async () => {
  // case F-14
  stub("document", Object.assign(new EventTarget(), { prerendering: true }))
  const { store, sent } = bind({ a: "a", b: "b", c: "c" })
  for (const keys of ["a", "b", "a"]) {
    store.invalidate(keys)
    await pass(100)
  }
  assert.deepEqual(sent, [])
  document.prerendering = false
  document.dispatchEvent(new Event("prerenderingchange"))
  await pass(100)
  assert.deepEqual(sent, [["a", "b"]])
  store.invalidate("c")
  await turn()
  assert.deepEqual(sent, [["a", "b"], ["c"]])
})

test("its failures wait as well", async () => {
  // case F-14
  stub("document", Object.assign(new EventTarget(), { prerendering: true }))
  const { store, a, sent } = bind({ a: "a" })
  store.fail(a)
  await pass(60_000, 1_000)
  assert.deepEqual(sent, [])
  document.prerendering = false
  document.dispatchEvent(new Event("prerenderingchange"))
  assert.deepEqual(sent, [["a"]])
})
