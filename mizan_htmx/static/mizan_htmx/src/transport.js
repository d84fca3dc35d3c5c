// Requests of our own, and the order in which any answer is read.

import { base, configure, headers, page } from "./page.js"

/** What a failed call rejects with; `code` and `details` as docs/protocol.md lists them. */
export class MizanError extends Error {
  constructor({ code = "internal", message, details = [] } = {}, status = 0) {
    super(message || code)
    Object.assign(this, { name: "MizanError", code, status, details })
  }
}

const HEADER = "X-Mizan-Invalidate"

let leaving = false

/**
 * Read what comes first in an answer: HX-Redirect and its like are htmx's, then the login, then
 * the epoch. True where nothing of the answer may be applied, for the page is about to leave.
 * @param {(name: string) => string | null} header
 */
export function leaves(status, header, url, asked) {
  if (!globalThis.document) return false
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
  return leaving || reloads(header("X-Mizan-Epoch"))
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
  return (fn, args = {}) => {
    const attempt = () => send(store, JSON.stringify({ fn, args }))
    return attempt()
      .catch(async (error) => {
        if (error.code !== "csrf") throw error
        await initSession() // the server has not run it: once more, with a new token
        return attempt()
      })
      .catch((error) => {
        throw failure(error)
      })
  }
}

async function send(store, body) {
  const url = `${base()}call/`
  const init = { method: "POST", headers: { "Content-Type": "application/json", ...headers("POST", url) }, body }
  const response = await exchange(store, url, init).catch((error) => {
    // It may have been done: whatever is bound could be stale.
    if (!(error instanceof MizanError)) store.invalidate("*", "lost")
    throw error
  })
  const answer = await read(response)
  if (typeof answer === "string") return answer
  // A proxy may have taken the header away; the body says the same.
  if (answer.invalidate?.length && !response.headers.get(HEADER)) store.invalidate(answer.invalidate, "call")
  return answer.result
}

/** One request of ours, and what is read of its answer before the body. */
export async function exchange(store, url, init) {
  const response = await fetch(url, { cache: "no-store", ...init })
  const { status, redirected } = response
  const header = (name) => response.headers.get(name)
  if (leaves(status, header, redirected && response.url, url)) {
    throw new MizanError({ code: redirected || status === 401 ? "unauthenticated" : "user_changed" }, status)
  }
  if (header(HEADER)) store.invalidate(header(HEADER), "call")
  return response
}

/** What is in the body of a good answer, JSON or, unless `strict`, text; throws where it is not good. */
export async function read(response, strict) {
  const text = await response.text()
  const json = /json/.test(response.headers.get("Content-Type")) && JSON.parse(text)
  if (!response.ok || (strict && !json)) throw new MizanError(json?.error, response.status)
  return json || text
}

/** A MizanError of whatever went wrong. */
export const failure = (error) =>
  error instanceof MizanError ? error : new MizanError({ code: "network", message: error.message })
