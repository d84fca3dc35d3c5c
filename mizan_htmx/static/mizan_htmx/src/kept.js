// What is to be seen of somebody inside an element, while its content is replaced.

import { filled, isTypedInto } from "./fields.js"

const ROW = ["id", "action", "hx-post", "hx-vals"] // what tells one row from the others
const DEEDS = ["focusin", "input", "scroll", "toggle"] // not "change", which a field says when it is removed

const shut = new WeakSet() // the details they closed
const noteClosed = ({ target }) => shut[target.open ? "delete" : "add"](target)
document.addEventListener("toggle", noteClosed, true)

/**
 * Keep what is to be seen of somebody inside an element, however long new content is in coming.
 * @param {HTMLElement} element
 * @returns {() => void} says that it is there
 */
export const keep = (element) => {
  let isNew
  let put = seen(element)
  const come = () => {
    isNew = false
    put()
    put = seen(element)
  }
  const observer = new MutationObserver(come)
  // While a swap is under way, what leaves may still say something; then it is not looked at.
  const follow = () => {
    if (observer.takeRecords().length) queueMicrotask(come, (isNew = true))
    if (!isNew) put = seen(element)
  }
  observer.observe(element, { childList: true })
  for (const deed of DEEDS) element.addEventListener(deed, follow, true)
  return () => {
    for (const deed of DEEDS) element.removeEventListener(deed, follow, true)
    observer.disconnect()
    put()
    put = () => {}
  }
}

/** What is to be seen of somebody now: puts it into what stands there then. */
const seen = (element) => {
  const { activeElement } = document
  const { selectionStart, selectionEnd, selectionDirection } = activeElement
  const isInside = element !== activeElement && element.contains(activeElement)
  const hadAutofocus = element.querySelector("[autofocus]")
  const find = finder(element)
  const focus = isInside && find(activeElement)
  const kept = [...element.querySelectorAll("*")].flatMap((node) =>
    [filled(node), opened(node), scrolled(node)].flatMap((put) => (put ? [[find(node), put]] : [])),
  )
  const scroll = scrolled(element)
  return () => {
    const here = element.isConnected ? element : document.getElementById(element.id) ?? element
    const spots = spotter(here)
    for (const [find, put] of kept) {
      const node = find(spots)
      if (node) put(node)
    }
    if (scroll) scroll(here)
    // Who types is not called elsewhere by new content, neither now nor when htmx settles.
    const isTyping = isTypedInto(activeElement)
    if (hadAutofocus || isTyping) for (const node of here.querySelectorAll("[autofocus]")) node.autofocus = false
    const now = isInside ? focus(spots) ?? here : isTyping && activeElement
    if (!now || !(document.activeElement === document.body || here.contains(document.activeElement))) return
    if (now === here && !now.hasAttribute("tabindex")) now.tabIndex = -1
    now.focus({ preventScroll: true })
    if (selectionStart != null) now.setSelectionRange?.(selectionStart, selectionEnd, selectionDirection)
  }
}

/** Finds, later, the node that stands in a node's place: in the same row, of the same name. */
const finder = (element) => {
  const before = spotter(element)
  return (node) => {
    const { localName } = node
    const spot = spotOf(node, element)
    const text = textOf(node)
    const alike = before(localName)[spot]
    return (after) => {
      const found = after(localName)[spot] ?? []
      // Where rows without a name came or went, it has to have the same content, too.
      for (const isSame of [(other) => textOf(other) === text, () => true]) {
        const [then, now] = [alike.filter(isSame), found.filter(isSame)]
        // A morph gave the node itself the new content.
        if (then.includes(node) && then.length === now.length) return now[then.indexOf(node)]
      }
    }
  }
}

/** The nodes in an element by their spots; the elements of one name are looked at together, once. */
const spotter = (element) => {
  const names = {}
  return (name) => {
    if (!names[name]) {
      names[name] = {}
      for (const node of element.querySelectorAll(name)) (names[name][spotOf(node, element)] ??= []).push(node)
    }
    return names[name]
  }
}

const spotOf = (node, element) => {
  const row = node.parentElement.closest(ROW.map((name) => `[${name}]`))
  // htmx has classes of its own for what is new.
  const said = (names, of = node) => names.map((name) => of.getAttribute(name)?.replace(/ ?htmx-\w+/g, "") || "")
  const named = said(["type", "id", "name"])
  if (/^(checkbox|radio)$/.test(node.type)) named.push(node.value)
  if (!named[1] && !named[2]) named.push(...said(["class", "style", "href"]))
  return JSON.stringify([named, row !== element && element.contains(row) && said(ROW, row)])
}

const textOf = ({ defaultValue, textContent }) => defaultValue ?? textContent

const opened = (node) =>
  node.localName === "details" && (node.open || shut.has(node)) && ((other) => (other.open = node.open))

const scrolled = ({ scrollTop, scrollLeft }) =>
  (scrollTop || scrollLeft) && ((node) => Object.assign(node, { scrollTop, scrollLeft }))
