// Many refetches in one request: what is asked for in one task goes out together.

import { page } from "./page.js"
import { exchange, read } from "./transport.js"

const MAX_ITEMS = 50 // unless the page says another number
const MAX_LENGTH = 4000
const TURNS = 30

/**
 * The first of the items, as many as one request takes, and the query string that asks for them; those that
 * stand twice are asked for once. Who is on the screen goes first.
 */
const take = (items) => {
  items.sort((a, b) => isFar(a) - isFar(b))
  const etags = new Map()
  const most = page("items") ?? MAX_ITEMS
  let length = 0
  let end = 0
  for (const { kind, text, etag } of items) {
    const item = `${kind[0]}=${encodeURIComponent(text)}`
    if (!etags.has(item)) {
      length += item.length + (etag?.length ?? 0) + 4
      if (etags.size >= most || (end && length > MAX_LENGTH)) break
      etags.set(item, etag)
    } else if (etags.get(item) !== etag) etags.set(item) // one of the two needs all of it
    end++
  }
  const query = [...etags].map(([item, etag]) => (etag ? `${item}%40${etag}` : item)).join("&")
  return [items.splice(0, end), query]
}

const isFar = ({ element }) => !!element && element.getBoundingClientRect().top > innerHeight

/** What the page shows, for a write to bring what of it went stale. */
export const mounted = (store) => take(store.shown().flatMap((binding) => binding.item?.() || []))[1]

/**
 * Asking for a store: `ask(item, etag, binding)` resolves with the item's answer, `{ status, etag,
 * html | data }`, or with nothing where it has to be asked for alone.
 */
export const createAsk = (store) => {
  const waiting = []

  const flush = async () => {
    // htmx 4 awaits a few things between its event and its request; a timer would wait longer.
    for (let turn = 0; turn < TURNS; turn++) await null
    const items = waiting.splice(0)
    while (items.length) {
      const [few, query] = take(items)
      few.length > 1 ? together(few, query) : few[0].resolve()
    }
  }

  const together = async (few, query) => {
    try {
      const answers = await read(await exchange(`fresh/?${query}`, undefined, store), true)
      for (const { kind, text, resolve } of few) resolve(answers[kind][text])
    } catch (error) {
      // Refused as a whole, each tries for itself; but not where it was too much already.
      const isRefused = /^4(?!01|29)/.test(error.status)
      for (const { resolve, reject } of few) isRefused ? resolve() : reject(error)
    }
  }

  return async (item, etag, binding) => {
    const { given } = binding
    binding.given = undefined
    const answer =
      given?.text === item.text
        ? given
        : await new Promise((resolve, reject) => {
            if (waiting.push({ ...item, etag, resolve, reject }) < 2) flush()
          })
    return etag && answer?.etag === etag ? { status: 304 } : answer
  }
}

/** An ETag as an item says it. */
export const tagOf = (etag) => /"(.*)"/.exec(etag)?.[1]
