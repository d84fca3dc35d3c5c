// Contexts as data. Everyone who names the same context and parameters shares one entry, a binding
// of the store with { state, etag, listeners, waiters, count } besides.

import { createGiven } from "./given.js"
import { createIndex } from "./index.js"
import { format, key } from "./keys.js"
import { base } from "./page.js"
import { exchange, failure, read } from "./transport.js"

const IDLE = Object.freeze({ data: undefined, status: "idle", error: undefined })

export function createEntries(store) {
  const entries = new Map()
  const index = createIndex()
  const given = createGiven()

  store.source(
    (reached, keys) => (given.forget(reached), index.reached(keys)),
    (bindings) => bindings.filter(isWatched).forEach(load),
  )

  /** The data of a context, shared and kept until the last who registered has left. */
  function registerContext(name, params) {
    const entry = open(name, params)
    let here = ++entry.count
    return {
      getState: () => entry.state,
      subscribe: (listener) => subscribe(entry, listener),
      refetch: () => refetch(entry),
      unregister() {
        if (here && !--entry.count) close(entry)
        here = 0
      },
    }
  }

  /** Fresh data of a context, once. */
  function mizanFetch(name, params) {
    const { refetch, unregister } = registerContext(name, params)
    return refetch().finally(unregister)
  }

  function open(name, params = {}) {
    const said = Object.entries(params).filter(([, value]) => value !== undefined)
    const bound = key(name, Object.fromEntries(said.filter(([, value]) => isSpelled(value))))
    const text = format(bound)
    const query = new URLSearchParams(
      said.sort().flatMap(([param, value]) => [value ?? []].flat().map((one) => [param, one])),
    )
    const id = `${text}?${query}`
    if (!entries.has(id)) {
      const url = `ctx/${encodeURIComponent(name)}/?${query}`
      const entry = { id, url, text, keys: [bound], state: IDLE, listeners: new Set(), waiters: [], count: 0 }
      // What was given under a key that leaves parameters out may be for others of them.
      const found = bound.params.size === said.length && given.find(text)
      if (found) {
        Object.assign(entry, found)
        store.show(entry, store.ask(entry))
      }
      entries.set(id, entry)
      index.add(entry)
    }
    return entries.get(id)
  }

  function close(entry) {
    entries.delete(entry.id)
    index.remove(entry)
    store.drop(entry)
    entry.listeners.clear()
  }

  function subscribe(entry, listener) {
    const { listeners, busy, shown } = entry
    const told = () => listener(entry.state)
    listeners.add(told)
    if (listeners.size === 1 && !store.current(entry, busy) && !store.current(entry, shown)) store.refetch([entry])
    return () => {
      if (listeners.delete(told) && !listeners.size) store.drop(entry)
    }
  }

  function refetch(entry) {
    store.refetch([entry])
    return new Promise((resolve, reject) => entry.waiters.push({ resolve, reject }))
  }

  async function load(entry) {
    const asked = (entry.busy = store.ask(entry))
    const { etag, state } = entry
    given.drop(entry.text)
    if (state === IDLE) set(entry, undefined, "loading")
    try {
      const headers = etag ? { "If-None-Match": `"${etag}"` } : {}
      const response = await exchange(store, base() + entry.url, { headers })
      const now = response.status === 304 ? etag : bare(response.headers.get("ETag"))
      const data = etag && now === etag ? state.data : (await read(response, true)).json
      settle(entry, asked, data, now)
    } catch (error) {
      settle(entry, asked, error.status === 403 ? undefined : entry.state.data, etag, failure(error))
    }
  }

  /** What was asked for then has ended; what was asked for since counts alone. */
  function settle(entry, asked, data, etag, error) {
    if (!store.current(entry, asked)) return
    const waiters = entry.waiters.splice(0)
    entry.busy = 0
    entry.etag = data && etag
    if (!error) store.show(entry, asked)
    else if (isWatched(entry) && passes(error)) store.fail(entry)
    else store.drop(entry)
    set(entry, data, error ? "error" : "success", error)
    for (const { resolve, reject } of waiters) error ? reject(error) : resolve(data)
  }

  return { registerContext, mizanFetch }
}

/** Give an entry a new state, and tell those who are subscribed before and during it. */
function set(entry, data, status, error) {
  const { state, listeners } = entry
  if (state.data === data && state.status === status && state.error === error) return
  entry.state = Object.freeze({ data, status, error })
  for (const told of [...listeners]) {
    try {
      if (listeners.has(told)) told()
    } catch (fault) {
      ;(globalThis.reportError ?? console.error)(fault)
    }
  }
}

/** Whether a key can say it: Python leaves out of its keys what has no single spelling, as we do. */
const isSpelled = (value) => (typeof value === "number" ? Number.isSafeInteger(value) : !(value instanceof Object))

/** Bindings of elements have neither. */
const isWatched = ({ listeners, waiters }) => listeners?.size || waiters?.length

/** What was wrong with a request will be wrong again; all else may pass. */
const passes = ({ status }) => !status || status === 429 || status >= 500

const bare = (etag) => etag?.replace(/^W\/|"/g, "")
