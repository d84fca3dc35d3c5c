// What htmx asks for, and what of it is ours.

import { STALE } from "./elements.js"
import { base } from "./page.js"

/** What is asked for, as htmx 2 says it of some events; 4 has other words, 2 hides it in other events. */
export const requestOf = (detail) => {
  const { ctx, requestConfig } = detail
  if (!ctx) return requestConfig ?? detail
  const { method: verb, action: path, headers } = ctx.request
  return { elt: ctx.sourceElement, triggeringEvent: ctx.sourceEvent, verb, path, headers }
}

/** Whether a request goes to one of the library's views. */
export const isAt = ({ path }, place) => path.startsWith(base() + place)
export const isCall = (asked) => isAt(asked, "call/")

/** Whether it is a refetch. */
export const isOurs = ({ triggeringEvent }) => triggeringEvent?.type === STALE

export const isGood = (status) => /^2/.test(status)
