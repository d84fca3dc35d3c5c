// What the page says of itself: the attributes that {% mizan_scripts %} writes on the script.

const said = {}

/** Say it where no page does: `base`, `login`, `epoch`, `csrfToken`, `csrfCookie`, `csrfHeader`. */
export function configure(values) {
  Object.assign(said, values)
}

/** @param {"Base" | "Login" | "Epoch" | "CsrfToken" | "CsrfCookie" | "CsrfHeader"} name */
export function page(name) {
  return (
    said[name[0].toLowerCase() + name.slice(1)] ??
    globalThis.document?.querySelector("script[data-mizan-base]")?.dataset["mizan" + name]
  )
}

export const base = () => page("Base") ?? "/api/mizan/"

/** The CSRF token: from the cookie where it can be read, for a login in another tab renews it. */
export function token() {
  const name = page("CsrfCookie")
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))
  return cookie?.slice(name.length + 1) ?? page("CsrfToken")
}

/** Headers for a request of this page; none for another origin, which must not see the token. */
export function headers(method, url) {
  const safe = /^(GET|HEAD|OPTIONS|TRACE)$/i.test(method)
  if (safe || new URL(url, document.baseURI).origin !== location.origin) return {}
  const found = { "X-Mizan-Epoch": page("Epoch") ?? "" }
  const csrf = token()
  if (csrf) found[page("CsrfHeader") ?? "X-CSRFToken"] = csrf
  return found
}
