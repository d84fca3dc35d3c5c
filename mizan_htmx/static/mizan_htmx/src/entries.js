// Contexts as data: everyone who names the same one with the same parameters shares an entry.

import { createEntry } from "./entry.js"
import { createIndex } from "./index.js"
import { key, parse } from "./keys.js"

const GIVEN = "__MIZAN_SSR_DATA__"

export const createEntries = (store) => {
  const entries = new Map()
  const { add, find } = createIndex()
  const kept = []
  let last = []

  store.source(
    (reached, keys) => (readPage(), find(reached, keys)),
    (bindings) => {
      for (const { load } of bindings) load?.()
    },
  )

  /** The entry of a context and its parameters. */
  const open = (name, params = {}) => {
    const bound = key(name, params)
    const pairs = Object.entries(params).flatMap(([param, value]) => [value ?? []].flat().map((one) => [param, one]))
    const query = new URLSearchParams(pairs)
    query.sort()
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
  const readPage = () => {
    const { document, [GIVEN]: given } = globalThis
    // In a render process the next page may be another user's.
    if (!document && given !== last[0]) for (const { unregister } of kept.splice(0)) unregister()
    const now = [given, ...(document?.querySelectorAll(`script#${GIVEN}`) ?? [])]
    for (const source of now) if (!last.includes(source)) take(source)
    last = now
  }

  /** Take an object, or a script element's JSON. */
  const take = (source) => {
    try {
      for (const [text, item] of Object.entries(source.textContent ? JSON.parse(source.textContent) : source)) {
        for (const { name, params } of item?.status === 200 ? parse(text) : []) {
          const entry = open(name, Object.fromEntries(params))
          kept.push(entry.register())
          entry.give(item)
        }
      }
    } catch {
      // What is no JSON is no data: it is fetched.
    }
  }

  const registerContext = (name, params) => {
    readPage()
    return open(name, params).register()
  }

  /** Fresh data of a context, once. */
  const mizanFetch = (name, params) => {
    const { refetch, unregister } = registerContext(name, params)
    return refetch().finally(unregister)
  }

  return { registerContext, mizanFetch }
}
