// The store: which bindings there are, which of them are stale, which answer is the newest. It
// knows neither elements nor htmx.
//
// A binding is { keys, item(), asked, stale, shown, given, since, next, flying, tries, wait, timer }. `asked`, `stale`
// and `shown` are times on one clock, `tick`: of its newest request; of what makes old all that was asked for
// until then, its last invalidation or an answer that was asked for later and is shown; of the request whose
// answer is shown. Only what was asked for after `stale` is shown. Aborting older requests saves work; this
// is what makes it right.

import { emit } from "./events.js"
import { covering, fromBody, fromHeader, parse } from "./keys.js"
import { createLog } from "./log.js"

const LONGEST_WAIT = 30_000
const WINDOW = 50 // milliseconds: a binding asks at once, once more at once, and then once in each
const SOON = 25 // milliseconds: half of the first wait for who could not ask yet, for htmx is not there
const PATIENCE = 500 // where for so long each answer came too late, the next is shown, late or not

const clock = () => performance.now()

export const createStore = () => {
  let tick = 0
  let next = 0
  let isDue
  let timer
  const log = createLog(parse("*"))
  const sources = []
  const waiting = new Set()

  /**
   * A source of bindings: `find(keys)` gives at least those that the keys cover, `send(bindings)` refetches
   * those of them that are its own.
   */
  const source = (find, send) => sources.push([find, send])

  /** The bindings that keys reach. */
  const reached = (keys) => {
    if (!keys.length) return []
    const tests = keys.map(covering)
    const isReached = (binding) => binding.keys.some((bound) => tests.some((test) => test(bound)))
    return sources.flatMap(([find]) => find(keys).filter(isReached))
  }

  /**
   * Mark what the keys reach: whatever was asked for before now will not be shown. `asked` is when the write
   * was sent that says so: what it brings may lack what the page was told of since.
   */
  const mark = (keys, from, asked = tick) => {
    if (!keys.length) return []
    if (globalThis.document) emit(document, "mizan:invalidated", { keys: keys.map(({ text }) => text), source: from })
    const marked = reached(keys)
    const others = reached(log.since(asked))
    log.note(++tick, keys)
    for (const binding of marked) {
      Object.assign(binding, { stale: tick, given: undefined, takes: others.includes(binding) || marked })
    }
    return marked
  }

  /** Refetch bindings: at the end of this microtask, together with all others. */
  const refetch = (bindings) => {
    for (const binding of bindings) {
      clearTimeout(binding.timer)
      waiting.add(binding)
      binding.stale = ++tick // what is under way is superseded
      if (binding.flying) binding.since ||= clock()
    }
    soon()
  }

  const soon = () => {
    if (!isDue) queueMicrotask(flush)
    isDue = true
  }

  const flush = () => {
    isDue = false
    if (globalThis.document && document.prerendering) {
      return document.addEventListener("prerenderingchange", flush, { once: true })
    }
    const now = clock()
    // One request, and one more should the first hang. But htmx ends the one for the other: who had no answer
    // for long waits for that of the last.
    const isFull = (binding) => binding.flying > (binding.tries > 1 && isStarved(binding) ? 0 : 1)
    const isReady = (binding) => !(now < binding.next + (isFull(binding) ? 3 * PATIENCE : -WINDOW))
    // Where they come one by one, each for another binding, the page as a whole has its windows too.
    const bindings = now < next - PATIENCE ? [] : [...waiting].filter(isReady)
    for (const binding of bindings) {
      waiting.delete(binding)
      binding.next = Math.max(now, binding.next ?? 0) + WINDOW
    }
    if (bindings[0]) next = Math.max(now, next) + WINDOW
    clearTimeout(timer)
    if (waiting.size) timer = setTimeout(flush, WINDOW)
    for (const [, send] of sources) send(bindings)
  }

  const isStarved = ({ since }) => since > 0 && clock() - since > PATIENCE

  /** A request of a binding is sent: the time to show its answer by. */
  const ask = (binding) => {
    const { flying = 0, tries = 0 } = binding
    Object.assign(binding, { flying: flying + 1, tries: tries + 1, asked: ++tick })
    return tick
  }

  /** A request is over, however it ended. */
  const over = (binding) => {
    binding.flying--
    soon() // for those that waited for it
  }

  /** Whether an answer asked for then may be shown; a late one, which what is `strict` is not, where patience is at its end. */
  const current = (binding, asked, strict) =>
    asked > (binding.stale ?? 0) || (!strict && isStarved(binding) && asked > (binding.shown ?? 0))

  /** An answer is shown: what was asked for before it is old. False where it is stale itself. */
  const show = (binding, asked) => {
    const isFresh = current(binding, asked, true)
    const stale = isFresh ? asked - 1 : binding.stale
    clearTimeout(binding.timer)
    Object.assign(binding, { stale, shown: asked, since: isFresh ? 0 : clock(), tries: 0, wait: PATIENCE })
    return isFresh
  }

  /**
   * A refetch failed: what is there stays, and it is tried again after 1, 2, 4 … 30 s; but what was
   * wrong with the request would be wrong again.
   */
  const fail = (binding, status) => {
    clearTimeout(binding.timer)
    Object.assign(binding, { stale: ++tick, since: 0, tries: 0 })
    if (/^[1-4](?!29)/.test(status)) return
    binding.wait = Math.min(LONGEST_WAIT, 2 * (binding.wait ?? (binding.asked ? PATIENCE : SOON)))
    binding.timer = setTimeout(() => refetch([binding]), binding.wait * (0.75 + Math.random() / 2))
  }

  /** Of what a write's own answer brought, take what it made stale, and nothing else has since it was sent. */
  const give = (answers, marked) => {
    for (const binding of marked.filter(({ takes }) => takes === marked)) {
      const { kind, text } = binding.item?.() || {}
      const found = answers?.[kind]?.[text]
      binding.given = found && { ...found, text }
    }
  }

  /** The bindings that something made stale since then, other than these keys. */
  const missed = (asked, keys = []) => reached(log.since(asked).filter((key) => !keys.includes(key)))

  /** What the page shows. */
  const shown = () => reached(parse("*"))

  /**
   * Make stale what the keys reach, and refetch it.
   * @param {string | (string | {context: string, params?: object})[]} keys the header's text, or an RPC body's list
   */
  const invalidate = (keys, from = "script") =>
    refetch(mark(typeof keys === "string" ? fromHeader(keys) : fromBody(keys), from))

  return { source, mark, refetch, ask, over, current, show, fail, give, missed, shown, invalidate }
}
