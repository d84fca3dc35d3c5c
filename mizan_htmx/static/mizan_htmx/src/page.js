// What the page says of itself: the attributes that {% mizan_scripts %} writes on the script.

const said = {}

/** Say it where no page does: `base`, `login`, `epoch`, `csrfToken`, `csrfCookie`, `csrfHeader`. */
export const configure = (values) => {
  Object.assign(said, values)
}

/** What is said of one of these, if anything. */
export const page = (name) => {
  const script = globalThis.document?.querySelector("script[data-mizan-base]")
  return said[name] ?? script?.dataset["mizan" + name.replace(/./, (first) => first.toUpperCase())]
}

export const base = () => page("base") ?? "/api/mizan/"

/** The URL of an address on this page. */
export const absolute = (address) => new URL(address, document.baseURI)

/** Whether a method changes nothing. */
export const isSafe = (method) => /^(GET|HEAD|OPTIONS|TRACE)$/i.test(method)

/** Headers for a request of this page; none for another origin, which must not see the token. */
export const headers = (method, url) => {
  if (isSafe(method) || absolute(url).origin !== location.origin) return {}
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" }
  // From the cookie where it can be read, for a login in another tab renews it.
  const [, cookie] = `; ${document.cookie}`.split(`; ${page("csrfCookie")}=`)
  const token = cookie?.split(";")[0] ?? page("csrfToken")
  if (token) found[page("csrfHeader") ?? "X-CSRFToken"] = token
  return found
}
