// Contexts as data: everyone who names the same one with the same parameters shares an entry.

import { createEntry } from "./entry.js"
import { createIndex } from "./index.js"
import { key, parse } from "./keys.js"

const GIVEN = "__MIZAN_SSR_DATA__"

export function createEntries(store) {
  const entries = new Map()
  const { add, find } = createIndex()
  const seen = new WeakSet()
  let last
  let given = []

  store.source(
    (reached, keys) => (readPage(), find(reached, keys)),
    (bindings) => {
      for (const { load } of bindings) load?.()
    },
  )

  /** The entry of a context and its parameters. */
  function open(name, params = {}) {
    const said = Object.entries(params).sort()
    const bound = key(name, Object.fromEntries(said.filter(isSpelled)))
    const query = new URLSearchParams(said.flatMap(([param, value]) => [value ?? []].flat().map((one) => [param, one])))
    const url = `ctx/${encodeURIComponent(name)}/?${query}`
    // 5 and "5" are one value, true and "true" are two.
    const id = url + JSON.stringify([...bound.params])
    if (!entries.has(id)) {
      const entry = createEntry(store, [bound], url, () => {
        entries.delete(id)
        remove()
      })
      const remove = add(entry)
      entries.set(id, entry)
    }
    return entries.get(id)
  }

  /** Take the data that came with the page: its entries stay, whoever leaves. */
  function readPage() {
    const { document, [GIVEN]: now } = globalThis
    if (now !== last) {
      last = now
      // In a render process the next page may be another user's.
      if (!document) for (const { unregister } of given.splice(0)) unregister()
      take(() => now)
    }
    for (const element of document?.querySelectorAll(`script#${GIVEN}`) ?? []) {
      if (!seen.has(element)) take(() => JSON.parse(element.textContent))
      seen.add(element)
    }
  }

  function take(contexts) {
    try {
      for (const [text, item] of Object.entries(contexts())) {
        const [found] = parse(text)
        if (!found || item?.status !== 200) continue
        const entry = open(found.name, Object.fromEntries(found.params))
        given.push(entry.register())
        entry.give(item)
      }
    } catch {
      // What is no JSON is no data: it is fetched.
    }
  }

  function registerContext(name, params) {
    readPage()
    return open(name, params).register()
  }

  /** Fresh data of a context, once. */
  function mizanFetch(name, params) {
    const { refetch, unregister } = registerContext(name, params)
    return refetch().finally(unregister)
  }

  return { registerContext, mizanFetch }
}

/** Whether a key can say it: Python leaves out of its keys what has no single spelling, as we do. */
const isSpelled = ([, value]) =>
  value === null || Number.isSafeInteger(value) || /str|boo|big/.test(typeof value)
