// What somebody does inside a fragment survives its refetch. It waits while they type, press, select a text or
// look at a dialog; then what they changed, opened, scrolled to and held the focus on is put back.

import { isChanged, isTypedInto, stateOf, take } from "./fields.js"

export { keep } from "./kept.js"

const SHOWN = `dialog[open]${globalThis.CSS?.supports?.("selector(:open)") ? ",select:open,input:open" : ""}`
const DONE = "focusout,selectionchange,close,toggle,pointerup,pointercancel,dragend,keyup,change,reset".split(",")

let edited // the field they type in, until they leave it or it is sent

const note = ({ type, target }) => {
  if (/^(input|comp)/.test(type)) edited = target
  else if (type === "focusout" || target === edited?.form) edited = undefined
}
for (const type of ["input", "compositionstart", "focusout", "reset"]) document.addEventListener(type, note, true)

// What they press or drag; `:active` stays after a drag, until the next press.
const hands = new Map([["press", [...document.querySelectorAll(":active")].at(-1)]])
const BEGINS = { pointerdown: "press", dragstart: "drag" }
const ENDS = { pointerup: "press", pointercancel: "press", dragend: "drag" }
for (const type in BEGINS) document.addEventListener(type, ({ target }) => hands.set(BEGINS[type], target), true)
for (const type in ENDS) document.addEventListener(type, () => hands.delete(ENDS[type]), true)
if (isChanged(document.activeElement)) edited = document.activeElement

/**
 * A write goes out with what stands in a form, or in one field.
 * @returns {() => void} says that it is done: then that is not what somebody typed any more
 */
export const sent = (element) => {
  const { localName, type, form } = element
  const whole = localName === "form" ? element : type === "submit" && form
  const before = [...(whole ? whole.elements : [element])].map((field) => [field, stateOf(field)])
  return () => {
    for (const [field, state] of before) {
      if (state !== stateOf(field)) continue
      take(field)
      if (whole && field === edited) edited = undefined
    }
    look()
  }
}

/** Whether new content would interrupt somebody. */
export const isBusy = (element) => {
  const { activeElement } = document
  if (element !== activeElement && element.contains(activeElement) && isTypedInto(activeElement)) {
    const { selectionStart, isContentEditable, value } = activeElement
    // Where it does not say where in it they are, this cannot be put back.
    if (activeElement === edited || (selectionStart == null && (isContentEditable || value))) return true
  }
  const { isCollapsed, anchorNode, focusNode } = getSelection()
  if (!isCollapsed && [anchorNode, focusNode].some((node) => element.contains(node))) return true
  if ([...hands.values()].some((node) => node && element.contains(node)) || element.querySelector(SHOWN)) return true
  // Half a date has no value that could be put back.
  return [...element.querySelectorAll("input:invalid")].some(({ validity }) => validity.badInput)
}

// Whatever the page says of it comes before this.
const quietly = () => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(":where([data-mizan-updated]) { outline: 1px dotted }")
  return sheet
}
document.adoptedStyleSheets?.push(quietly())

const waiting = new Map()

/** Call back when nobody is interrupted any more; until then the element says that there is news. */
export const whenDone = (element, callback) => {
  if (!waiting.size) for (const type of DONE) document.addEventListener(type, look, true)
  waiting.set(element, callback)
  element.dataset.mizanUpdated = ""
}

// When the event is there, the focus has not arrived yet.
const look = () => setTimeout(lookNow)

const lookNow = () => {
  for (const [element, callback] of waiting) {
    if (element.isConnected && isBusy(element)) continue
    waiting.delete(element)
    delete element.dataset.mizanUpdated
    callback()
  }
  if (!waiting.size) for (const type of DONE) document.removeEventListener(type, look, true)
}
