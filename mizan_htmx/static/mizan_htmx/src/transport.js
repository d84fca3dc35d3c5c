// Requests of our own, and the order in which any answer is read.

import { base, configure, headers, page } from "./page.js"

/** What a failed call rejects with; `code` and `details` as docs/protocol.md lists them. */
export class MizanError extends Error {
  constructor({ code = "internal", message = "", details = [] } = {}, status = 0) {
    super(message || code)
    Object.assign(this, { name: "MizanError", code, status, details })
  }
}

let leaving = false

/**
 * Read what comes first in an answer: HX-Redirect and its like are htmx's, then the login, then
 * the epoch. True where nothing of the answer may be applied, for the page is about to leave.
 * @param {(name: string) => string | null} header
 */
export function leaves(status, header, url, asked) {
  if (header("HX-Redirect") || header("HX-Location") || header("HX-Refresh")) return false
  const login = page("login") && new URL(page("login"), document.baseURI)
  const at = (address) => address && login && new URL(address, document.baseURI).pathname === login.pathname
  if ((status === 401 || at(url)) && !at(asked)) {
    const event = new CustomEvent("mizan:login", { cancelable: true, detail: { status } })
    if (document.dispatchEvent(event) && login && !leaving) {
      leaving = true
      login.searchParams.set("next", location.pathname + location.search)
      location.assign(login)
    }
    return true
  }
  return reloads(header("X-Mizan-Epoch"))
}

/** Reload for another user's answer, once: a page that was cached would do it for ever. */
function reloads(epoch) {
  const mine = page("epoch")
  if (!epoch || !mine) return false
  const note = `mizan ${location.pathname}`
  try {
    if (epoch === mine) sessionStorage.removeItem(note)
    if (epoch === mine || sessionStorage.getItem(note) === epoch) return false
    sessionStorage.setItem(note, epoch)
  } catch {
    return false // no storage, no guard against the loop
  }
  if (!leaving) location.reload()
  return (leaving = true)
}

let session

/** Fetch a CSRF token: three tries, one at a time however many ask; a failure resets. */
export function initSession() {
  return (session ??= start().finally(() => (session = undefined)))
}

async function start() {
  for (let wait = 250; ; wait *= 2) {
    try {
      const response = await fetch(`${base()}session/`, { cache: "no-store" })
      if (!response.ok) throw new MizanError({ code: "session" }, response.status)
      return configure({ csrfToken: response.headers.get("X-CSRFToken") })
    } catch (error) {
      if (wait > 500) throw error
      await new Promise((done) => setTimeout(done, wait))
    }
  }
}

/** Calls for a store: `call(name, arguments)` resolves with the result, or rejects with a MizanError. */
export function createCall(store) {
  return (fn, args = {}) =>
    attempt(store, { fn, args }, true).catch((error) => {
      throw error instanceof MizanError ? error : new MizanError({ code: "network", message: error.message })
    })
}

async function attempt(store, body, again) {
  const response = await send(store, `${base()}call/`, body)
  const text = await response.text()
  const json = /json/.test(response.headers.get("Content-Type")) ? JSON.parse(text) : undefined
  if (response.ok) return json ? json.result : text
  if (json?.error?.code !== "csrf" || !again) throw new MizanError(json?.error, response.status)
  await initSession() // the server has not run it: once more, with a new token
  return attempt(store, body, false)
}

async function send(store, url, body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers("POST", url) },
    body: JSON.stringify(body),
  }).catch((error) => {
    store.invalidate("*", "lost") // it may have been done: whatever is bound could be stale
    throw error
  })
  const header = (name) => response.headers.get(name)
  if (leaves(response.status, header, response.redirected && response.url, url)) {
    const code = response.redirected || response.status === 401 ? "unauthenticated" : "user_changed"
    throw new MizanError({ code }, response.status)
  }
  if (header("X-Mizan-Invalidate")) store.invalidate(header("X-Mizan-Invalidate"), "call")
  return response
}
