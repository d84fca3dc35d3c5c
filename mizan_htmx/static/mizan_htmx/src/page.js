// What the page says of itself: the attributes that {% mizan_scripts %} writes on the script.

const said = {}

/** Say it where no page does: `base`, `login`, `epoch`, `csrfToken`, `csrfCookie`, `csrfHeader`. */
export function configure(values) {
  Object.assign(said, values)
}

/** What is said of one of these, if anything. */
export function page(name) {
  const script = globalThis.document?.querySelector("script[data-mizan-base]")
  return said[name] ?? script?.dataset[`mizan${name[0].toUpperCase()}${name.slice(1)}`]
}

export const base = () => page("base") ?? "/api/mizan/"

/** The CSRF token: from the cookie where it can be read, for a login in another tab renews it. */
export function token() {
  const name = page("csrfCookie")
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))
  return cookie?.slice(name.length + 1) ?? page("csrfToken")
}

/** Headers for a request of this page; none for another origin, which must not see the token. */
export function headers(method, url) {
  const safe = /^(GET|HEAD|OPTIONS|TRACE)$/i.test(method)
  if (safe || new URL(url, document.baseURI).origin !== location.origin) return {}
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" }
  const csrf = token()
  if (csrf) found[page("csrfHeader") ?? "X-CSRFToken"] = csrf
  return found
}
