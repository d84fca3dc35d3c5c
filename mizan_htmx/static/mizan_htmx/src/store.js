// The store: which bindings there are, which of them are stale, which answer is the newest. It
// knows neither elements nor htmx.
//
// A binding is { keys, asked, stale, shown, failures, timer }. `asked`, `stale` and `shown` are times
// on one clock, `tick`: of its newest request, invalidation and shown answer. An answer is shown only
// if it was asked for after the last invalidation of its binding and after whatever is shown now.
// Aborting older requests saves work; this is what makes it right.

import { covers, fromHeader, key, parse } from "./keys.js"

const LONGEST_WAIT = 30_000

export function createStore() {
  let tick = 0
  const sources = new Set()
  const waiting = new Set()
  const failed = new Set()

  /**
   * A source gives bindings: `find(reached, keys)` those whose keys are reached by these, `send(bindings)`
   * refetches those of them that are its own.
   */
  function source(find, send) {
    const both = [find, send]
    sources.add(both)
    return () => sources.delete(both)
  }

  /** Mark what the keys reach: whatever was asked for before now will not be shown. */
  function mark(keys, from) {
    globalThis.document?.dispatchEvent(
      new CustomEvent("mizan:invalidated", { detail: { keys: keys.map(({ text }) => text), source: from } }),
    )
    const reached = (binding) => binding.keys.some((bound) => keys.some((stale) => covers(stale, bound)))
    const marked = [...sources].flatMap(([find]) => find(reached, keys))
    for (const binding of marked) binding.stale = ++tick
    return marked
  }

  /** Refetch bindings: at the end of this microtask, together with all others. */
  function refetch(bindings) {
    if (!waiting.size) queueMicrotask(flush)
    for (const binding of bindings) {
      waiting.add(binding)
      clearTimeout(binding.timer)
      binding.stale = ++tick // what is under way is superseded
    }
  }

  function flush() {
    const bindings = [...waiting]
    waiting.clear()
    for (const [, send] of sources) send(bindings)
  }

  /** A request of a binding is sent: the time to show its answer by. */
  const ask = (binding) => (binding.asked = ++tick)

  /** Whether an answer asked for then may be shown. */
  const current = (binding, asked) => asked > (binding.stale ?? 0) && asked >= (binding.shown ?? 0)

  /** An answer is shown. */
  function show(binding, asked) {
    binding.shown = asked
    binding.failures = 0
    failed.delete(binding)
  }

  /**
   * A refetch failed: what is there stays, and it is tried again after 1, 2, 4 … 30 s; but what was
   * wrong with the request would be wrong again.
   */
  function fail(binding, status) {
    if (status && status < 500 && status !== 429) return drop(binding)
    binding.failures = (binding.failures ?? 0) + 1
    failed.add(binding)
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** binding.failures) * (0.75 + Math.random() / 2)
    clearTimeout(binding.timer)
    binding.timer = setTimeout(() => failed.has(binding) && refetch([binding]), wait)
  }

  /** Give up on a binding: it left, or it will never be answered. */
  function drop(binding) {
    clearTimeout(binding.timer)
    failed.delete(binding)
  }

  /** Try again at once all that failed. */
  const retry = () => failed.size && refetch(failed)

  /**
   * Make stale what the keys reach, and refetch it.
   * @param {string | (string | {context: string, params?: object})[]} keys the header's text, or an RPC body's list
   */
  function invalidate(keys, from = "script") {
    const stale = typeof keys === "string" ? fromHeader(keys) : keys.flatMap(fromJson)
    refetch(mark(stale, from))
  }

  return { source, mark, refetch, ask, current, show, fail, drop, retry, invalidate }
}

const fromJson = (stale) =>
  typeof stale === "string" ? parse(stale) : { ...key(stale.context, stale.params), text: stale }
