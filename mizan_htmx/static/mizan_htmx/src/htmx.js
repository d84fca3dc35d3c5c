// The bridge to htmx 2 and 4. htmx does request, indicators and swap; this decides when, and whether
// an answer may be shown. It listens on the document, so it does not matter who is loaded first.

import { alone, bindingOf, deny, emit, isBound, isFragment } from "./elements.js"
import { markFresh, markStale, mounted, outermost, STALE, trigger } from "./elements.js"
import { fromHeader } from "./keys.js"
import { base, headers } from "./page.js"
import { leaves } from "./transport.js"

/** What the two versions call differently, of an event: element, method, path, cause, headers. */
const request = ({ ctx, requestConfig, elt, verb, path, triggeringEvent, headers }) => {
  if (requestConfig) return request(requestConfig)
  if (!ctx) return [elt, verb, path, triggeringEvent?.type, headers]
  const { sourceElement, sourceEvent, request: asked } = ctx
  return [sourceElement, asked.method, asked.action, sourceEvent?.type, asked.headers]
}

const isRead = (verb) => /^get$/i.test(verb)
const isGood = (status) => status >= 200 && status < 300

/** Watch the page for a store. */
export function bridge(store) {
  const trips = new WeakMap() // by ctx on htmx 4, by xhr on htmx 2
  const on = {
    "htmx:confirm": redirect,
    "htmx:configRequest": prepare,
    "htmx:config:request": (event) => redirect(event) || prepare(event),
    "htmx:beforeSend": ({ detail }) => wrap(detail, start(detail, detail.xhr)),
    "htmx:before:request": ({ detail }) => start(detail, detail.ctx),
    "htmx:before:response": (event) => answered4(event, event.detail.ctx),
    "htmx:before:swap": (event) => isLate(trips.get(event.detail.ctx)) && event.preventDefault(),
    "htmx:response:error": (event) => isCall(trips.get(event.detail.ctx)) && event.stopImmediatePropagation(),
    "htmx:finally:request": ({ detail: { ctx } }) => finish(trips.get(ctx), ctx.response?.status, ctx.text),
  }
    store.source((reached) => mounted().filter(reached), send)
  for (const name in on) document.addEventListener(name, on[name], true)

  function send(bindings) {
    const here = bindings.filter(({ element }) => element?.isConnected)
    for (const binding of outermost(here)) {
      const { asked } = binding
      trigger(binding.element)
      // Nothing went out: htmx is not there yet, or the trigger has a delay. It is tried again.
      if (binding.asked === asked) store.fail(binding)
    }
  }

  /** A fragment is about to fetch itself for a reason of its own: let it be a refetch like all. */
  function redirect(event) {
    const [element, , , cause] = request(event.detail)
    if (cause === STALE || !isFragment(element)) return false
    event.preventDefault()
    event.stopImmediatePropagation()
    store.refetch([bindingOf(element)])
    return true
  }

  function prepare({ detail }) {
    const [, verb, path, , given] = request(detail)
    const more = headers(verb, path)
    for (const name in more) {
      const same = (other) => other.toLowerCase() === name.toLowerCase()
      if (!Object.keys(given).some(same)) given[name] = more[name]
    }
  }

  /** A request goes out. One object goes with it to the end. */
  function start(detail, handle) {
    const [element, verb, path, cause] = request(detail)
    const trip = { element, verb, path, ours: cause === STALE, typed: typed(element), at: performance.now() }
    trips.set(handle, trip)
    if (isBound(element) && isRead(verb)) {
      trip.binding = bindingOf(element)
      trip.asked = store.ask(trip.binding)
      element.ariaBusy = "true"
    }
    return trip
  }

  /** htmx 2: where its element left, an xhr tells the document nothing. So its own handler is wrapped. */
  function wrap(detail, trip) {
    const { xhr, elt } = detail
    const { onload } = xhr
    xhr.onload = (event) => {
      const no = refused(trip, xhr.status, (name) => xhr.getResponseHeader(name), xhr.responseURL)
      // Nobody else paints it either, as django-htmx's script does with errors where DEBUG is on.
      const hush = (before) => (no && before.preventDefault(), before.stopPropagation())
      if (no || (isCall(trip) && xhr.status >= 400)) elt.addEventListener("htmx:beforeOnLoad", hush, { once: true })
      else if (trip.binding && trip.ours) alone(detail)
      onload.call(xhr, event)
    }
    xhr.addEventListener("loadend", () => finish(trip, xhr.status, xhr.responseText))
  }

  function answered4(event, ctx) {
    const { raw, status } = ctx.response
    const url = raw.redirected && raw.url
    const trip = trips.get(ctx) ?? start(event.detail, ctx) // it went out before this script came
    if (refused(trip, status, (name) => raw.headers.get(name), url)) event.preventDefault()
  }

  /** An answer is there: mark what it made stale. True where it may not be shown. */
  function refused(trip, status, header, url) {
    trip.leaving = leaves(status, header, url, trip.path)
    if (trip.leaving) return true
    const text = header("X-Mizan-Invalidate")
    // What stands there now, so as to know later what the answer itself brought.
    const stood = ({ element }) => [...(element?.childNodes ?? [])]
    if (text) trip.stale = store.mark(fromHeader(text), "htmx").map((binding) => [binding, stood(binding)])
    return isLate(trip) || (trip.binding && trip.ours && !isGood(status))
  }

  /** Whether something was asked for, or made stale, since this was. */
  function isLate(trip) {
    return trip?.binding && !store.current(trip.binding, trip.asked)
  }

  /** A request is over, however it ended, and what it brought is in the page. */
  function finish(trip, status, text) {
    if (!trip) return
    if (trip.binding) settle(trip, status)
    if (trip.leaving) return
    if (!status && !isRead(trip.verb)) store.invalidate("*", "lost")
    if (trip.stale) store.refetch(trip.stale.filter(isLeft).map(([binding]) => binding))
    if (isCall(trip)) report(trip, status, text)
  }

  /** What a read of a bound element makes of it. */
  function settle(trip, status) {
    const { binding, element, asked, at, ours, leaving } = trip
    if (isLate(trip)) return // a newer one is under way
    element.ariaBusy = null
    if (leaving || (!ours && !isGood(status))) return
    if (isGood(status)) {
      store.show(binding, asked)
      markFresh(binding, performance.now() - at)
    } else if ([403, 404, 410].includes(status)) {
      store.drop(binding)
      deny(binding, status)
    } else if (status === 409 && !isTyped()) {
      location.reload()
    } else {
      store.fail(binding, status)
      markStale(binding, status)
    }
  }

  /** A call of `{% mutate %}`: its error as an event; its form is emptied, unless edited since. */
  function report({ element, typed: before }, status, text) {
    if (isGood(status) && before !== undefined && typed(element) === before) element.reset()
    if (status < 400) return
    try {
      emit(element, "mizan:error", { status, ...JSON.parse(text).error })
    } catch {
      // The mutation answered with HTML of its own.
    }
  }
}

/** Whether a binding's element is left as it was: in the page, and not filled by the answer. */
const isLeft = ([{ element }, nodes]) =>
  !element || (element.isConnected && (!nodes.length || nodes.some((node) => node.parentNode === element)))

const isCall = ({ path }) => path.startsWith(`${base()}call/`)

/** What a form holds, to compare. */
const typed = (element) =>
  element.matches?.("form") ? JSON.stringify([...new FormData(element)].map(String)) : undefined

/** Whether anything on the page was typed or ticked. */
const isTyped = () =>
  Array.from(document.querySelectorAll("input,textarea")).some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  )
