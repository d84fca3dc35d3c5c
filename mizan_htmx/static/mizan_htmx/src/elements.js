// Bindings of elements: which there are, how one refetches alone, what an answer makes of it.

import { parse } from "./keys.js"
import { base } from "./page.js"

/** The event htmx hears on a bound element; it does not bubble. */
export const STALE = "mizan:invalidate"
const BOUND = "[data-mizan-keys]"

// What an ancestor could pass down to a refetch: on htmx 2 all of it, on 4 what says :inherited.
const INHERITED =
  "confirm,prompt,vals,vars,include,params,select,select-oob,push-url,replace-url,disabled-elt,config"

const bindings = new WeakMap()

export const isBound = (element) => element.matches?.(BOUND)
export const isFragment = (element) => element.matches?.(`${BOUND}[hx-get^="${base()}fragment/"]`)

/** The binding of an element; its keys follow the attribute. */
export function bindingOf(element) {
  const text = element.dataset.mizanKeys
  if (!bindings.has(element)) bindings.set(element, { element })
  const binding = bindings.get(element)
  if (binding.text !== text) Object.assign(binding, { text, keys: parse(text) })
  return binding
}

/** The bindings of the elements that are in the page now. */
export const mounted = () => Array.from(document.querySelectorAll(BOUND), bindingOf)

/** The outermost of nested bindings stand for those inside them. */
export function outermost(found) {
  const elements = new Set(found.map(({ element }) => element))
  return found.filter(({ element }) => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (elements.has(up) && !own(up, "hx-target")) return false
    }
    return true
  })
}

/** Send an element its event, and let nothing of what its ancestors say reach the request. */
export function trigger(element) {
  // htmx 4 marks what it processed; "unset" ends htmx 2's inheritance, and is a plain value in 4.
  const unset = element.hasAttribute("data-htmx-powered") ? "" : "unset"
  const values = { target: "this", swap: swapOf(element), sync: "this:replace" }
  for (const name of INHERITED.split(",")) values[name] = unset
  const names = Object.keys(values).filter((name) => !own(element, `hx-${name}`))
  for (const name of names) element.setAttribute(`hx-${name}`, values[name])
  element.dispatchEvent(new CustomEvent(STALE))
  for (const name of names) element.removeAttribute(`hx-${name}`)
}

/** htmx 2 reads some attributes when the answer is there: say the same to it by then. */
export function alone(detail) {
  const { elt, etc } = detail
  if (!own(elt, "hx-swap")) etc.swapOverride = swapOf(elt)
  if (!own(elt, "hx-select")) detail.select = "unset"
  if (!own(elt, "hx-select-oob")) etc.selectOOB = "unset"
  if (!own(elt, "hx-push-url") && !own(elt, "hx-replace-url")) etc.push = "false"
}

const swapOf = (element) => element.dataset.mizanSwap ?? "innerHTML"
const own = (element, name) =>
  [name, `data-${name}`, `${name}:inherited`].some((attribute) => element.hasAttribute(attribute))

/** Dispatch a bubbling event; false where a listener cancelled it. */
export function emit(element, name, detail) {
  return element.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }))
}

/** An old value stays on the page: say so. */
export function markStale({ element, text }, status) {
  if (element.dataset.mizanStale !== undefined) return
  element.dataset.mizanStale = ""
  emit(element, "mizan:stale", { keys: text, status })
}

export function markFresh({ element, text }, ms) {
  delete element.dataset.mizanStale
  emit(element, "mizan:fresh", { keys: text, ms, transport: "htmx" })
}

/** There is nothing to see any more (403), or nothing at all (404, 410). */
export function deny({ element }, status) {
  if (!emit(element, "mizan:denied", { status })) return
  if (status === 403) element.replaceChildren()
  else element.remove()
}
