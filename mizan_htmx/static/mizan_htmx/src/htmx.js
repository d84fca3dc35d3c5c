// The bridge to htmx 2 and 4. htmx does request, indicators and swap; this decides when, and whether
// an answer may be shown. It listens on the document, so it does not matter who is loaded first.

import { alone, bindingOf, isBound, mounted, outermost, STALE, trigger } from "./elements.js"
import { emit } from "./events.js"
import { fromHeader } from "./keys.js"
import { base, headers, isSafe } from "./page.js"
import { HEADER, leaves } from "./transport.js"

/** What is asked for, as htmx 2 says it of some events; 4 has other words, 2 hides it in other events. */
const request = (detail) => {
  const { ctx, requestConfig } = detail
  if (!ctx) return requestConfig ?? detail
  const { method: verb, action: path, headers } = ctx.request
  return { elt: ctx.sourceElement, triggeringEvent: ctx.sourceEvent, verb, path, headers }
}

const isGood = (status) => /^2/.test(status)
const isOurs = (asked) => asked.triggeringEvent?.type === STALE

/** Watch the page for a store. */
export const bridge = (store) => {
  const trips = new WeakMap() // by ctx on htmx 4

  const send = (bindings) => {
    for (const binding of outermost(bindings.filter(({ elt }) => elt?.isConnected))) {
      const { asked } = binding
      trigger(binding.elt)
      // Nothing went out: htmx is not there yet, or the trigger has a delay. It is tried again.
      if (binding.asked === asked) store.fail(binding)
    }
  }

  /** A fragment is about to fetch itself for a reason of its own: let it be a refetch like all. */
  const redirect = (event, detail) => {
    const asked = request(detail)
    const reached = !isOurs(asked) && isBound(asked.elt) && isAt(asked, "fragment/")
    if (reached) {
      event.preventDefault()
      event.stopImmediatePropagation()
      store.refetch([bindingOf(asked.elt)])
    }
    return reached
  }

  const prepare = (event, detail) => {
    const { verb, path, headers: given } = request(detail)
    const taken = new Headers(given) // it knows no case
    for (const [name, value] of Object.entries(headers(verb, path))) {
      if (!taken.has(name)) given[name] = value
    }
  }

  /** A request goes out. One object goes with it to the end. */
  const start = (detail) => {
    const trip = { ...request(detail), at: Date.now() }
    const { elt, verb } = trip
    trip.typed = typed(elt)
    trips.set(detail.ctx ?? detail, trip)
    if (isBound(elt) && isSafe(verb)) {
      trip.binding = bindingOf(elt)
      trip.asked = store.ask(trip.binding)
      elt.ariaBusy = "true"
    }
    return trip
  }

  /** htmx 2: where its element left, an xhr tells the document nothing. So its own handler is wrapped. */
  const wrap = (detail, trip) => {
    const { xhr, elt } = detail
    const { onload } = xhr
    xhr.onload = (event) => {
      const headers = { get: (name) => xhr.getResponseHeader(name) }
      const no = refused(trip, { status: xhr.status, headers, url: xhr.responseURL })
      // Nobody else paints it either, as django-htmx's script does with errors where DEBUG is on.
      const hush = (before) => (no && before.preventDefault(), before.stopPropagation())
      if (no || (isCall(trip) && xhr.status >= 400)) elt.addEventListener("htmx:beforeOnLoad", hush, { once: true })
      else if (trip.binding && isOurs(trip)) alone(detail)
      onload.call(xhr, event)
    }
    xhr.addEventListener("loadend", () => finish(trip, xhr.status, xhr.responseText))
  }

  /** An answer is there: mark what it made stale. True where it may not be shown. */
  const refused = (trip, answer) => {
    if ((trip.leaving = leaves(answer, trip.path))) return true
    const text = answer.headers.get(HEADER)
    const marked = text ? store.mark(fromHeader(text), "htmx") : []
    // What stands there now, so as to know later what the answer itself brought.
    trip.stale = marked.map((binding) => [binding, [...(binding.elt?.childNodes ?? [])]])
    return isLate(trip) || (trip.binding && isOurs(trip) && !isGood(answer.status))
  }

  /** Whether something was asked for, or made stale, since this was. */
  const isLate = (trip) => trip?.binding && !store.current(trip.binding, trip.asked)

  /** A request is over, however it ended, and what it brought is in the page. */
  const finish = (trip, status, text) => {
    if (trip.binding) settle(trip, status)
    if (trip.leaving) return
    if (!status && !isSafe(trip.verb)) store.invalidate("*", "lost")
    store.refetch((trip.stale ?? []).filter(isLeft).map(([binding]) => binding))
    if (isCall(trip)) report(trip, status, text)
  }

  /** What a read of a bound element makes of it. */
  const settle = (trip, status) => {
    const { binding, elt, asked, at, leaving } = trip
    const { text: keys } = binding
    if (isLate(trip)) return // a newer one is under way
    elt.ariaBusy = null
    if (leaving || (!isOurs(trip) && !isGood(status))) return
    if (isGood(status)) {
      store.show(binding, asked)
      delete elt.dataset.mizanStale
      return emit(elt, "mizan:fresh", { keys, ms: Date.now() - at, transport: "htmx" })
    }
    store.fail(binding, status)
    if (/403|404|410/.test(status)) {
      // There is nothing to see any more, or nothing at all.
      if (emit(elt, "mizan:denied", { status })) status === 403 ? elt.replaceChildren() : elt.remove()
    } else if (status === 409 && !isTyped()) {
      location.reload()
    } else if (elt.dataset.mizanStale === undefined) {
      elt.dataset.mizanStale = "" // an old value stays on the page
      emit(elt, "mizan:stale", { keys, status })
    }
  }

  /** A call of `{% mutate %}`: its error as an event; its form is emptied, unless edited since. */
  const report = ({ elt, typed: before }, status, text) => {
    if (isGood(status) && before && typed(elt) === before) elt.reset()
    if (status < 400) return
    try {
      emit(elt, "mizan:error", { status, ...JSON.parse(text).error })
    } catch {
      // The mutation answered with HTML of its own.
    }
  }

  const on = {
    "htmx:confirm": redirect,
    "htmx:configRequest": prepare,
    "htmx:config:request": (event, detail) => redirect(event, detail) || prepare(event, detail),
    "htmx:beforeSend": (event, detail) => wrap(detail, start(detail)),
    "htmx:before:request": (event, detail) => start(detail),
    // It may have gone out before this script came.
    "htmx:before:response": (event, detail, trip = start(detail)) =>
      refused(trip, detail.ctx.response.raw) && event.preventDefault(),
    "htmx:before:swap": (event, detail, trip) => isLate(trip) && event.preventDefault(),
    "htmx:response:error": (event, detail, trip) => isCall(trip) && event.stopImmediatePropagation(),
    "htmx:finally:request": (event, detail, trip) => trip && finish(trip, detail.ctx.response?.status, detail.ctx.text),
  }
  store.source(mounted, send)
  for (const name in on) {
    document.addEventListener(name, (event) => on[name](event, event.detail, trips.get(event.detail.ctx)), true)
  }
}

/** Whether a binding's element is left as it was, not filled by the answer. */
const isLeft = ([{ elt }, nodes]) => !nodes.length || nodes.some((node) => node.parentNode === elt)

const isAt = ({ path }, place) => path.startsWith(base() + place)
const isCall = (trip) => isAt(trip, "call/")

/** What a form holds, to compare. */
const typed = (element) => element.matches?.("form") && JSON.stringify([...new FormData(element)])

/** Whether anything on the page was typed or ticked. */
const isTyped = () =>
  [...document.querySelectorAll("input,textarea")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  )
