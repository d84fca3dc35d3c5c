// The store: which bindings there are, which of them are stale, which answer is the newest. It
// knows neither elements nor htmx.
//
// A binding is { keys, asked, stale, wait, timer }. `asked` and `stale` are times on one clock,
// `tick`: of its newest request, and of what makes old all that was asked for until then: its last
// invalidation, or an answer that was asked for later and is shown. Only what was asked for after that
// is shown. Aborting older requests saves work; this is what makes it right.

import { emit } from "./events.js"
import { covering, fromHeader, key, parse } from "./keys.js"

const LONGEST_WAIT = 30_000

export const createStore = () => {
  let tick = 0
  const sources = []
  const waiting = new Set()
  const failed = new Set()

  /**
   * A source of bindings: `find(keys)` gives at least those that the keys cover, `send(bindings)` refetches
   * those of them that are its own.
   */
  const source = (find, send) => sources.push([find, send])

  /** Mark what the keys reach: whatever was asked for before now will not be shown. */
  const mark = (keys, from) => {
    if (globalThis.document) emit(document, "mizan:invalidated", { keys: keys.map(({ text }) => text), source: from })
    const tests = keys.map(covering)
    const isReached = (binding) => binding.keys.some((bound) => tests.some((test) => test(bound)))
    const marked = sources.flatMap(([find]) => find(keys).filter(isReached))
    for (const binding of marked) binding.stale = ++tick
    return marked
  }

  /** Refetch bindings: at the end of this microtask, together with all others. */
  const refetch = (bindings) => {
    if (!waiting.size) queueMicrotask(flush)
    for (const binding of bindings) {
      drop(binding)
      waiting.add(binding)
      binding.stale = ++tick // what is under way is superseded
    }
  }

  const flush = () => {
    const bindings = [...waiting]
    waiting.clear()
    for (const [, send] of sources) send(bindings)
  }

  /** A request of a binding is sent: the time to show its answer by. */
  const ask = (binding) => (binding.asked = ++tick)

  /** Whether an answer asked for then may be shown. */
  const current = (binding, asked) => asked > (binding.stale ?? 0)

  /** An answer is shown: what was asked for before it is old. */
  const show = (binding, asked) => {
    drop(binding)
    binding.stale = asked - 1
    binding.wait = 500
  }

  /**
   * A refetch failed: what is there stays, and it is tried again after 1, 2, 4 … 30 s; but what was
   * wrong with the request would be wrong again.
   */
  const fail = (binding, status) => {
    drop(binding)
    binding.stale = ++tick
    if (status && status < 500 && status !== 429) return
    binding.wait = Math.min(LONGEST_WAIT, 2 * (binding.wait ?? 500))
    binding.timer = setTimeout(() => refetch([binding]), binding.wait * (0.75 + Math.random() / 2))
    failed.add(binding)
  }

  /** Try a binding no more: it left, or was answered, or never will be. */
  const drop = (binding) => {
    clearTimeout(binding.timer)
    failed.delete(binding)
  }

  /** Try again at once all that failed. */
  const retry = () => refetch(failed)

  /**
   * Make stale what the keys reach, and refetch it.
   * @param {string | (string | {context: string, params?: object})[]} keys the header's text, or an RPC body's list
   */
  const invalidate = (keys, from = "script") => {
    const stale = typeof keys === "string" ? fromHeader(keys) : keys.flatMap(fromJson)
    refetch(mark(stale, from))
  }

  return { source, mark, refetch, ask, current, show, fail, retry, invalidate }
}

const fromJson = (stale) =>
  typeof stale === "string" ? parse(stale) : { ...key(stale.context, stale.params), text: stale }
