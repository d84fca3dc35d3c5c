// The data of one context with its parameters: a binding of the store, shared by all who registered.

import { base } from "./page.js"
import { exchange, failure, read } from "./transport.js"

const IDLE = Object.freeze({ data: undefined, status: "idle", error: undefined })

/** A new entry; `close` is called when the last who registered has left. */
export function createEntry(store, keys, url, close) {
  const listeners = new Set()
  let state = IDLE
  let first = IDLE // what a server had that rendered from this page's data
  let count = 0
  let newest // when what is here, or on its way, was asked for; nothing after a failure
  let etag, promise, end
  const binding = { keys, load, give, register }

  /** Take a new state, and tell those who were subscribed before and still are. */
  function set(data, status, error) {
    if (!error && state.data === data && state.status === status) return
    state = Object.freeze({ data, status, error })
    for (const told of [...listeners]) {
      try {
        if (listeners.has(told)) told()
      } catch (fault) {
        ;(globalThis.reportError ?? console.error)(fault)
      }
    }
  }

  /** Start with data that came with the page. */
  function give({ data, etag: tag }) {
    if (listeners.size) return
    store.show(binding, (newest = store.ask(binding)))
    etag = `"${tag}"`
    set(data, "success")
    first = state
  }

  /** Fetch, where somebody waits for it. */
  async function load() {
    if (!listeners.size && !end) return
    const asked = (newest = store.ask(binding))
    let { data } = state
    let tag = etag
    let error
    if (state === IDLE) set(data, "loading")
    try {
      const response = await exchange(store, base() + url, { headers: tag && { "If-None-Match": tag } })
      const now = response.headers.get("ETag")
      if (response.status !== 304 && (!now || now !== tag)) {
        data = await read(response, true)
        tag = now
      }
    } catch (fault) {
      error = failure(fault)
      if (error.status === 403) data = tag = undefined
    }
    if (!store.current(binding, asked)) return // what was asked for since counts alone
    const tell = end
    promise = end = undefined
    etag = tag
    if (!error) store.show(binding, asked)
    else {
      newest = 0
      if (listeners.size) store.fail(binding, error.status)
    }
    set(data, error ? "error" : "success", error)
    tell?.[error ? 1 : 0](error ?? data)
  }

  function subscribe(listener) {
    const told = () => listener(state)
    if (!listeners.size && !store.current(binding, newest)) store.refetch([binding])
    listeners.add(told)
    return () => {
      if (listeners.delete(told) && !listeners.size) store.drop(binding)
    }
  }

  function refetch() {
    store.refetch([binding])
    return (promise ??= new Promise((...ways) => (end = ways)))
  }

  function register() {
    let here = ++count
    return {
      getState: () => state,
      getServerState: () => first,
      subscribe,
      refetch,
      unregister() {
        if (here && !--count) {
          listeners.clear()
          store.drop(binding)
          close()
        }
        here = 0
      },
    }
  }

  return binding
}
