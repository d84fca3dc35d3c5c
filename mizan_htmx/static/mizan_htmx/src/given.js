// Data with the page: what the server has put into it under keys, until that goes stale.

import { format, parse } from "./keys.js"

const NAME = "__MIZAN_SSR_DATA__"

export function createGiven() {
  const items = new Map()
  const seen = new WeakSet()
  let last

  function read() {
    const { document, [NAME]: now } = globalThis
    if (now !== last) {
      // Where there is no document each render process's page has its own: nothing of another stays.
      if (!document) items.clear()
      last = now
      take(() => now)
    }
    for (const element of document?.querySelectorAll(`script#${NAME}`) ?? []) {
      if (!seen.has(element)) take(() => JSON.parse(element.textContent))
      seen.add(element)
    }
    return items
  }

  function take(contexts) {
    try {
      for (const [text, item] of Object.entries(contexts())) {
        const keys = parse(text)
        if (keys.length !== 1 || item?.status !== 200) continue
        const state = Object.freeze({ data: item.data, status: "success", error: undefined })
        items.set(format(keys[0]), { keys, state, etag: item.etag })
      }
    } catch {
      // What is no such data is none: it is fetched.
    }
  }

  /** What was given for a key's text. */
  const find = (text) => read().get(text)

  /** Something newer than what was given is on its way. */
  const drop = (text) => items.delete(text)

  function forget(reached) {
    for (const [text, item] of read()) if (reached(item)) items.delete(text)
  }

  return { find, drop, forget }
}
