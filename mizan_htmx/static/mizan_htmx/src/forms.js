// What was typed, and what becomes of it when it was sent.

import { emit } from "./events.js"
import { isGood } from "./request.js"

/** What a form holds, to compare. */
export const typed = (element) => element.matches?.("form") && JSON.stringify([...new FormData(element)])

/** Whether anything on the page was typed or ticked. */
export const isTyped = () =>
  [...document.querySelectorAll("input,textarea")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  )

/** A call of `{% mutate %}`: its error as an event; its form is emptied, unless edited since. */
export const report = ({ elt, typed: before }, status, text) => {
  if (isGood(status) && before && typed(elt) === before) elt.reset()
  if (status < 400) return
  try {
    emit(elt.isConnected ? elt : document, "mizan:error", { status, ...JSON.parse(text).error })
  } catch {
    // The mutation answered with HTML of its own.
  }
}
