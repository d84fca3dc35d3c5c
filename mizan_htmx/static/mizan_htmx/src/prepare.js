// What a write of htmx says besides its own headers.

import { headers, isSafe, page } from "./page.js"
import { requestOf } from "./request.js"
import { isLeaving } from "./transport.js"

export const prepare = (store, event, detail) => {
  const { verb, path, headers: given } = requestOf(detail)
  if (isSafe(verb)) return // nothing to say, as often as it may be
  if (isLeaving()) return event.preventDefault()
  const taken = Object.keys(given).map((name) => name.toLowerCase())
  const shown = page("singleflight") === "" && store.mounted()
  for (const [name, value] of Object.entries(headers(verb, path, shown))) {
    if (!taken.includes(name.toLowerCase())) given[name] = value
  }
}
