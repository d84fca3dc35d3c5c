// The data of one context with its parameters: a binding of the store, shared by all who registered.

import { tagOf } from "./fresh.js"
import { exchange, read } from "./transport.js"

const stateOf = (data, status, error) => Object.freeze({ data, status, error })
const IDLE = stateOf(undefined, "idle")

/** A new entry; `close` is called when the last who registered has left. */
export const createEntry = (store, keys, url, text, close) => {
  const listeners = new Set()
  const registered = new Set()
  const awaited = []
  const item = text && { kind: "contexts", text }
  let state = IDLE
  let first = IDLE // what a server had that rendered from this page's data
  let etag

  /** Take a new state, and tell those who were subscribed before and still are. */
  const set = (data, status, error) => {
    if (!error && state.data === data && state.status === status) return
    state = stateOf(data, status, error)
    for (const told of [...listeners]) {
      try {
        if (listeners.has(told)) told()
      } catch (fault) {
        globalThis.document ? reportError(fault) : console.error(fault)
      }
    }
  }

  /** Start with data that came with the page. */
  const give = (item) => {
    if (listeners.size) return
    store.show(binding, store.ask(binding))
    store.over(binding)
    etag = item.etag
    set(item.data, "success")
    first = state
  }

  /** Fetch, where somebody waits for it. */
  const load = async () => {
    if (!listeners.size && !awaited.length) return
    const asked = store.ask(binding)
    let { data } = state
    let tag = etag
    let error
    if (state === IDLE) set(data, "loading")
    try {
      const found = item && (await store.together(item, tag, binding))
      if (found?.status === 200) ({ data, etag: tag } = found)
      else if (found?.status !== 304) {
        // Alone, or to hear what is wrong.
        const response = await exchange(url, { headers: tag && { "If-None-Match": `"${tag}"` } }, store)
        if (response.status !== 304) {
          data = await read(response, true)
          tag = tagOf(response.headers.get("ETag"))
        }
      }
    } catch (fault) {
      error = fault
      if (error.status === 403) data = tag = undefined
    }
    store.over(binding)
    // A late failure says nothing: the newest request is under way.
    if (!store.current(binding, asked, error)) return // what was asked for since counts alone
    etag = tag
    if (error) store.fail(binding, error.status)
    // What is shown though it is late is not what somebody waits for.
    const waiting = error || store.show(binding, asked) ? awaited.splice(0) : []
    set(data, error ? "error" : "success", error)
    for (const resolve of waiting) resolve(error ? Promise.reject(error) : data)
  }

  const subscribe = (listener) => {
    if (!listeners.size && !store.current(binding, binding.asked, true)) store.refetch([binding])
    const told = () => listener(state)
    listeners.add(told)
    return () => listeners.delete(told)
  }

  const refetch = () => {
    store.refetch([binding])
    return new Promise((resolve) => awaited.push(resolve))
  }

  const register = () => {
    const me = {}
    registered.add(me)
    const unregister = () => {
      if (!registered.delete(me) || registered.size) return
      listeners.clear()
      close()
    }
    return { getState: () => state, getServerState: () => first, subscribe, refetch, unregister }
  }

  const binding = { keys, item: () => listeners.size && item, load, give, register }
  return binding
}
