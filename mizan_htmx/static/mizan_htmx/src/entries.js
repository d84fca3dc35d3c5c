// Contexts as data: everyone who names the same one with the same parameters shares an entry.

import { createEntry } from "./entry.js"
import { key, parse, spell } from "./keys.js"

const GIVEN = "__MIZAN_SSR_DATA__"

/** What a map has at a place; all of it where none is given. */
const within = (map, place) => (place === undefined ? [...map.values()] : [map.get(place) ?? []])
const at = (map, place) => map.get(place) ?? map.set(place, new Map()).get(place)

export const createEntries = (store) => {
  // By context, by the first parameter of a key, by its value: an invalidation need not look at all.
  const entries = new Map()
  const kept = []
  let last = []

  /** At least the entries that a key covers. */
  const find = ({ name, params }) => {
    const all = name === "*"
    return within(entries, all ? undefined : name)
      .flatMap((found) => [...found])
      .flatMap(([param, values]) => within(values, all ? undefined : params.get(param)))
      .flatMap((group) => [...group.values()])
  }

  store.source(
    (keys) => (readPage(), keys.flatMap(find)),
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
    // Only what a key says whole can be asked for by it, with others.
    const text = bound.params.size === new Set(pairs.map(([param]) => param)).size && spell(bound)
    // 5 and "5" are one value, true and "true" are two.
    const id = url + JSON.stringify([...bound.params])
    const [[param, value] = []] = bound.params
    const values = [name, param].reduce(at, entries)
    const close = () => group.delete(id) && !group.size && values.delete(value)
    const group = at(values, value)
    return group.get(id) ?? group.set(id, createEntry(store, [bound], url, text, close)).get(id)
  }

  /** Take the data that came with the page: its entries stay, whoever leaves. */
  const readPage = () => {
    const given = globalThis[GIVEN]
    // In a render process the next page may be another user's.
    if (!globalThis.document && given !== last[0]) for (const { unregister } of kept.splice(0)) unregister()
    const now = [given, ...(globalThis.document ? document.querySelectorAll(`script#${GIVEN}`) : [])]
    for (const source of now) if (!last.includes(source)) take(source)
    last = now
  }

  /** Take an object, or a script element's JSON. */
  const take = (source) => {
    try {
      for (const [text, item] of Object.entries(source.textContent ? JSON.parse(source.textContent) : source)) {
        for (const { name, params } of item?.status === 200 ? parse(text) : []) {
          const entry = open(name, Object.fromEntries(params))
          const handle = entry.register()
          if (!globalThis.document) kept.push(handle)
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
