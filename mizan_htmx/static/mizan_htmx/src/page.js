// What the page says of itself: the attributes that {% mizan_scripts %} writes on the script.

// Where `globalThis.document` is asked for, this may run in Node, which has none; the script that is made
// for pages alone is built with the answer: see build:min in package.json.

const said = (globalThis[Symbol.for("mizan.said")] ??= {}) // a bundle may have a copy of this

/** Say it where no page does: `base`, `login`, `epoch`, `csrfToken`, `csrfCookie`, `csrfHeader`. */
export const configure = (values) => {
  Object.assign(said, values)
}

/** What is said of one of these, if anything. */
export const page = (name) => {
  const script = globalThis.document ? document.querySelector("script[data-mizan-base]") : undefined
  return said[name] ?? script?.getAttribute("data-mizan-" + name)
}

export const base = () => page("base") ?? "/api/mizan/"

/** The URL of an address on this page. */
export const absolute = (address) => new URL(address, document.baseURI)

/** Whether the page was just loaded again: who does that for a fault would go on for ever. */
export const isReloaded = () =>
  performance.now() < 10_000 && performance.getEntriesByType("navigation")[0]?.type === "reload"

/** Whether a method changes nothing. */
export const isSafe = (method) => /^(get|head)$/i.test(method)

/**
 * Headers for a request of this page; none for another origin, which must not see the token.
 * @param {string} [mounted] what the page shows
 */
export const headers = (method, url, mounted) => {
  if (isSafe(method) || absolute(url).origin !== location.origin) return {}
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" }
  // From the cookie where it can be read, for a login in another tab renews it.
  const [, cookie] = `; ${document.cookie}`.split(`; ${page("csrfCookie")}=`)
  const token = cookie?.split(";")[0] ?? page("csrfToken")
  if (mounted) found["X-Mizan-Mounted"] = mounted
  if (token) found[page("csrfHeader") ?? "X-CSRFToken"] = token
  return found
}
