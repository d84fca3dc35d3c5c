// The bridge to htmx 2 and 4. htmx does request, indicators and swap; this decides when, and whether
// an answer may be shown. It listens on the document, so it does not matter who is loaded first.

import { alone, bindingOf, boundAround, contentOf, isBound, mounted, outermost, standing, trigger } from "./elements.js"
import { emit } from "./events.js"
import { tagOf } from "./fresh.js"
import { isBrought, isElsewhere, isLeft, placeOf, urlOf, whenSwapped } from "./filled.js"
import { isTyped, report, typed } from "./forms.js"
import { FRESH, putIn } from "./given.js"
import { guard } from "./guard.js"
import { fromHeader } from "./keys.js"
import { isLoop } from "./loops.js"
import { isReloaded, isSafe } from "./page.js"
import { prepare } from "./prepare.js"
import { isAt, isCall, isGood, isOurs, requestOf } from "./request.js"
import { joinOthers } from "./together.js"
import { HEADER, leaves } from "./transport.js"

/** Watch the page for a store. */
export const bridge = (store) => {
  const trips = new WeakMap() // by ctx on htmx 4, by what its events tell on 2
  const guarding = guard(store)
  const { isHeld, keep, sent } = guarding

  const send = (bindings) => {
    for (const binding of outermost(bindings.filter(({ elt }) => elt?.isConnected))) {
      const { asked } = binding
      if (isHeld(binding) || putIn(store, guarding, binding)) continue
      trigger(binding.elt)
      // Nothing went out: htmx is not there yet, or the trigger has a delay. It is tried again.
      if (binding.asked === asked) store.fail(binding)
    }
  }

  /** A fragment is about to fetch itself for a reason of its own: let it be a refetch like all. */
  const redirect = (event, detail) => {
    const asked = requestOf(detail)
    const reached = !isOurs(asked) && isBound(asked.elt) && isAt(asked, "fragment/")
    if (reached) {
      event.preventDefault()
      event.stopImmediatePropagation()
      const binding = bindingOf(asked.elt)
      binding.given = undefined // its own reason is a newer one
      store.refetch([binding])
    }
    return reached
  }

  /** A request goes out. One object goes with it to the end. */
  const start = (detail) => {
    const trip = { ...requestOf(detail), at: Date.now() }
    const { elt, verb } = trip
    trip.typed = typed(elt)
    trips.set(detail.ctx ?? detail, trip)
    if (isBound(elt) && isSafe(verb)) trip.binding = bindingOf(elt)
    trip.shows = urlOf(elt)
    trip.asked = store.ask(trip.binding ?? {})
    trip.around = boundAround(elt)
    if (trip.around && !isSafe(verb)) trip.sent = sent(elt)
    if (trip.binding) {
      elt.ariaBusy = "true"
      if (isOurs(trip) && isAt(trip, "fragment/")) joinOthers(store.together, detail, trip)
    }
    return trip
  }

  /** htmx 2: where its element left, an xhr tells the document nothing. So its own handler is wrapped. */
  const wrap = (detail, trip) => {
    const { xhr, elt } = detail
    const { onload } = xhr
    xhr.onload = (event) => {
      const headers = { get: (name) => xhr.getResponseHeader(name) }
      const no = refused(trip, { status: xhr.status, headers, url: xhr.responseURL }) || isKept(trip)
      const text = typeof xhr.response === "string" ? take(trip, xhr.response) : xhr.response
      if (text !== xhr.response) Object.defineProperty(xhr, "response", { value: text })
      // Nobody else paints it either, as django-htmx's script does with errors where DEBUG is on.
      const hush = (before) => (no && before.preventDefault(), before.stopPropagation())
      if (no || (isCall(trip) && xhr.status >= 400)) elt.addEventListener("htmx:beforeOnLoad", hush, { once: true })
      else if (trip.binding && isOurs(trip)) alone(detail)
      trip.place = placeOf((trip.target = detail.target = standing(detail.target)))
      onload.call(xhr, event)
      trip.put = trip.target // and nothing was thrown
    }
    xhr.addEventListener("loadend", () => whenSwapped(trip.put, () => finish(trip, xhr.status, xhr.response)))
  }

  /** An answer is there: mark what it made stale. True where it may not be shown. */
  const refused = (trip, answer) => {
    if ((trip.leaving = leaves(answer, trip.path))) return true
    trip.keys = fromHeader(answer.headers.get(HEADER) ?? "")
    trip.marked = store.mark(trip.keys, "htmx", trip.asked)
    // What stands there now, so as to know later what the answer itself brought.
    trip.stale = trip.marked.map((binding) => [binding, [...(binding.elt?.childNodes ?? [])]])
    trip.etag = tagOf(answer.headers.get("ETag"))
    trip.isEmpty = answer.status === 204
    return isLate(trip) || (trip.binding && isOurs(trip) && !isGood(answer.status))
  }

  /** New content is about to come. True where somebody would be interrupted; what is theirs is kept. */
  const isKept = (trip) => {
    const { binding, elt } = trip
    if (!binding || trip.isEmpty || !isOurs(trip)) return
    trip.late = isHeld(binding)
    if (trip.late) elt.ariaBusy = null
    else trip.putBack = keep(elt)
    return trip.late
  }

  /** Take from an answer's text what it brought of what it made stale. */
  const take = (trip, text) =>
    text.replace(FRESH, (all, json) => {
      store.give(JSON.parse(json), trip.marked ?? [])
      return ""
    })

  /** Whether something was asked for, or made stale, since this was; or its element shows something else by now. */
  const isLate = (trip, strict) =>
    (trip.late ||= trip.binding && (isElsewhere(trip) || !store.current(trip.binding, trip.asked, strict)))

  /** A request is over, however it ended, and what it brought is in the page. */
  const finish = (trip, status, text) => {
    if (trip.binding) settle(trip, status)
    if (trip.leaving) return
    if (!status && !isSafe(trip.verb)) store.invalidate("*", "lost")
    const left = (trip.stale ?? []).filter(isLeft).map(([binding]) => binding)
    const old = store.missed(trip.asked, trip.keys).filter((binding) => isBrought(trip, binding))
    if (isGood(status)) trip.sent?.then((done) => done?.())
    store.refetch([...new Set([...left, ...old])].filter((binding) => !isLoop(trip, binding)))
    if (isCall(trip)) report(trip, status, text)
  }

  /** What a read of a bound element makes of it. */
  const settle = (trip, status) => {
    const { binding, elt, asked, at, leaving, etag } = trip
    const { text: keys } = binding
    trip.putBack?.()
    store.over(binding)
    const late = isLate(trip, !isGood(status))
    if (!late || !binding.flying) elt.ariaBusy = null
    if (isElsewhere(trip)) store.refetch([binding])
    if (late) return
    if (leaving || (!isOurs(trip) && !isGood(status))) return
    if (isGood(status)) {
      store.show(binding, asked)
      if (status !== 204) Object.assign(binding, { etag, html: contentOf(elt) })
      delete elt.dataset.mizanStale
      return emit(elt, "mizan:fresh", { keys, ms: Date.now() - at, transport: "htmx" })
    }
    store.fail(binding, status)
    if (/403|404|410/.test(status)) {
      // There is nothing to see any more, or nothing at all.
      if (!emit(elt, "mizan:denied", { status })) return
      const isGone = status !== 403
      const restore = keep(isGone ? elt.parentElement : elt)
      isGone ? elt.remove() : elt.replaceChildren()
      restore?.()
    } else if (status === 409 && !isTyped() && !isReloaded()) {
      location.reload()
    } else if (elt.dataset.mizanStale === undefined) {
      elt.dataset.mizanStale = "" // an old value stays on the page
      emit(elt, "mizan:stale", { keys, status })
    }
  }

  const configure = (event, detail) => redirect(event, detail) || prepare(store, event, detail)
  const putBack = (event, detail, trip) => trip?.putBack?.()

  const on = {
    "htmx:confirm": redirect,
    "htmx:configRequest": configure,
    "htmx:config:request": configure,
    "htmx:beforeSend": (event, detail) => wrap(detail, start(detail)),
    "htmx:before:request": (event, detail) => start(detail),
    // It may have gone out before this script came.
    "htmx:before:response": (event, detail, trip = start(detail)) => {
      const { ctx } = detail
      const { raw } = ctx.response
      trip.place = placeOf((trip.target = ctx.target = standing(ctx.target)))
      if (refused(trip, raw)) event.preventDefault()
      const { text } = raw
      raw.text = async () => take(trip, await text.call(raw))
    },
    "htmx:before:swap": (event, detail, trip) => trip && (isLate(trip) || isKept(trip)) && event.preventDefault(),
    "htmx:after:swap": putBack,
    "htmx:afterSwap": putBack,
    "htmx:response:error": (event, detail, trip) => trip && isCall(trip) && event.stopImmediatePropagation(),
    "htmx:finally:request": (event, { ctx: { response, text } }, trip) => {
      if (!trip) return
      // An extension that takes the answer for itself keeps its event from the document.
      if (response && !trip.marked && !trip.leaving) refused(trip, response.raw)
      finish(trip, response?.status, text)
    },
  }
  store.source(mounted, send)
  mounted() // what came with the page is known by its etag, before anybody changes it
  for (const name in on) {
    const hear = (event) => on[name](event, event.detail, trips.get(event.detail.ctx ?? event.detail))
    document.addEventListener(name, hear, true)
  }
}
