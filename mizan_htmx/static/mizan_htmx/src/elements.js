// Bindings of elements: which there are, and how one refetches alone.

import { parse } from "./keys.js"

/** The event htmx hears on a bound element; it does not bubble. */
export const STALE = "mizan:invalidate"
const BOUND = "[data-mizan-keys]"

// What a refetch says itself, or an ancestor could pass down: on htmx 2 all of it, on 4 what says :inherited.
const INHERITED =
  "target,swap,sync,confirm,prompt,vals,vars,include,params,select,select-oob,push-url,replace-url,disabled-elt,config"

/** What an element shows, without what htmx writes there: 2 while it settles, 4 where it was. */
export const contentOf = (element) =>
  element.innerHTML.replace(/ class="(htmx-\w+)?"| htmx-\w+| data-htmx-powered="\w*"/g, "")

const bindings = new WeakMap()

/** What of a fragment's URL names it among others. */
const ITEM = /\/fragment\/\?f=([^&]*)&?(.*)/

/** An element as an item of a batch; nothing where it shows another URL. */
export const itemOf = (element, url) => {
  const [, reference, params] = ITEM.exec(url) ?? []
  return reference && { kind: "fragments", text: `${decodeURIComponent(reference)}?${params}`, element }
}

export const isBound = (element) => element.matches?.(BOUND)

/** The innermost bound element around a node, if any. */
export const boundAround = (node) => node?.closest?.(BOUND)

/** The binding of an element; its keys follow the attribute. */
export const bindingOf = (element) => {
  const { mizanKeys: text, mizanEtag: etag } = element.dataset
  const item = () => itemOf(element, element.getAttribute("hx-get"))
  const binding = bindings.get(element) ?? { elt: element, item }
  if (binding.text !== text) bindings.set(element, Object.assign(binding, { text, keys: parse(text) }))
  // It names what the element shows now; a copy that is made later, as by a history, may show something else.
  if (etag) Object.assign(binding, { etag, html: contentOf(element) })
  delete element.dataset.mizanEtag
  return binding
}

/** The bindings of the elements that are in the page now. */
export const mounted = () => [...document.querySelectorAll(BOUND)].map(bindingOf)

/** The outermost of nested bindings stand for those inside them. */
export const outermost = (found) => {
  const elements = new Set(found.map(({ elt }) => elt))
  const isCarried = (up) => up && ((elements.has(up) && !own(up, "target")) || isCarried(up.parentElement))
  return found.filter(({ elt }) => !isCarried(elt.parentElement))
}

/** Send an element its event, and let nothing of what its ancestors say reach the request. */
export const trigger = (element) => {
  // htmx 4 marks what it processed; "unset" ends htmx 2's inheritance, and is a plain value in 4.
  const unset = element.hasAttribute("data-htmx-powered") ? "" : "unset"
  const values = { target: "this", swap: swapOf(element), sync: "this:replace" }
  const names = INHERITED.split(",").filter((name) => !own(element, name))
  for (const name of names) element.setAttribute(`hx-${name}`, values[name] ?? unset)
  element.dispatchEvent(new CustomEvent(STALE))
  for (const name of names) element.removeAttribute(`hx-${name}`)
}

/** htmx 2 reads some attributes when the answer is there: say the same to it by then. */
export const alone = (detail) => {
  const { elt, etc } = detail
  if (!own(elt, "swap")) etc.swapOverride = swapOf(elt)
  if (!own(elt, "select")) detail.select = "unset"
  if (!own(elt, "select-oob")) etc.selectOOB = "unset"
  if (!own(elt, "push-url") && !own(elt, "replace-url")) etc.push = "false"
}

const swapOf = (element) => element.dataset.mizanSwap ?? "innerHTML"
const own = (element, name) =>
  [`hx-${name}`, `data-hx-${name}`, `hx-${name}:inherited`].some((attribute) => element.hasAttribute(attribute))

/** A write's answer goes where its target stands now, should that have been refetched meanwhile. */
export const standing = (target) => (target?.isConnected === false && document.getElementById(target.id)) || target
