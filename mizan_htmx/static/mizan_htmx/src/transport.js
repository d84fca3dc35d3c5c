// Requests of our own, and the order in which any answer is read.

import { emit } from "./events.js"
import { fromBody, fromHeader } from "./keys.js"
import { absolute, base, configure, headers, page } from "./page.js"

/** What a failed call rejects with; `code` and `details` as docs/protocol.md lists them. */
export class MizanError extends Error {
  constructor({ code = "internal", message, details = [] } = {}, status = 0) {
    super(message || code)
    Object.assign(this, { name: "MizanError", code, status, details })
  }
}

export const HEADER = "X-Mizan-Invalidate"

let leaving = false
const note = () => `mizan ${location.pathname}`

/** Whether the page is about to go: what it writes now would be done as somebody else. */
export const isLeaving = () => leaving

/**
 * The page is here, or `isBack` from the browser's cache: it may leave for another user once more. Who is
 * back was not loaded anew, whatever became of the reload that it may have asked for before it left.
 */
export const arrive = (isBack) => {
  leaving = false
  try {
    if (isBack || sessionStorage[note()] === page("epoch")) delete sessionStorage[note()]
  } catch {
    // no storage, no note
  }
}

/**
 * Read what comes first in an answer: HX-Redirect and its like are htmx's, then the login, then
 * the epoch. True where nothing of the answer may be applied, for the page is about to leave.
 * @param {{status: number, headers: {get(name: string): string | null}, url: string}} answer
 */
export const leaves = ({ status, headers, url }, asked) => {
  if (!globalThis.document) return false
  if (["HX-Redirect", "HX-Location", "HX-Refresh"].some((name) => headers.get(name))) return false
  const login = page("login") && absolute(page("login"))
  const at = (address) => address && login?.pathname === absolute(address).pathname
  if ((status === 401 || at(url)) && !at(asked)) {
    if (!leaving && emit(document, "mizan:login", { status }) && login) {
      leaving = true
      login.searchParams.set("next", location.pathname + location.search)
      location.assign(login)
    }
    return true
  }
  if (leaving) return true
  // Reload for another user's answer, once: a page that was cached would do it for ever.
  const mine = page("epoch")
  const epoch = headers.get("X-Mizan-Epoch")
  try {
    if (epoch === mine) delete sessionStorage[note()] // no cache's: it may leave again
    if (!mine || [null, mine, sessionStorage[note()]].includes(epoch)) return false
    sessionStorage[note()] = epoch
  } catch {
    return false // no storage, no guard against the loop
  }
  emit(document, "mizan:invalidated", { keys: ["*"], source: "user" }) // other tabs are another's as well
  location.reload()
  return (leaving = true)
}

let session

/** Fetch a CSRF token: three tries, one at a time however many ask; a failure resets. */
export const initSession = () => (session ??= start().finally(() => (session = undefined)))

const start = async () => {
  for (let wait = 250; ; wait *= 2) {
    try {
      const { ok, status, headers } = await exchange("session/")
      if (!ok) throw new MizanError({ code: "session" }, status)
      return configure({ csrfToken: headers.get("X-CSRFToken") })
    } catch (error) {
      if (wait > 500) throw error
      await new Promise((done) => setTimeout(done, wait))
    }
  }
}

/** Calls for a store: `call(name, arguments)` resolves with the result, or rejects with a MizanError. */
export const createCall = (store) => (fn, args = {}) => {
  const attempt = async () => {
    const init = {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers("POST", base(), store.mounted?.()) },
      body: JSON.stringify({ fn, args }),
    }
    const asked = store.ask({})
    let marked = []
    let told
    try {
      const response = await exchange("call/", init)
      told = response.headers.get(HEADER)
      if (told) marked = store.mark(fromHeader(told), "call", asked)
      const answer = await read(response)
      if (!answer || typeof answer === "string") return answer
      // A proxy may have taken the header away; the body says the same.
      if (!told) marked = store.mark(fromBody(answer.invalidate ?? []), "call", asked)
      store.give(answer.fresh, marked)
      return answer.result
    } catch (error) {
      // It may have been done: whatever is bound could be stale.
      if (error.code === "network" && !told) store.invalidate("*", "lost")
      throw error
    } finally {
      store.refetch(marked)
    }
  }
  return attempt().catch(async (error) => {
    if (error.code !== "csrf") throw error
    await initSession() // the server has not run it: once more, with a new token
    return attempt()
  })
}

/** One request of ours, and what is read of its answer before the body; rejects with a MizanError. */
export const exchange = async (path, init, store) => {
  const url = base() + path
  const response = await fetch(url, { cache: "no-store", ...init }).catch(fail)
  const { status, redirected, headers } = response
  if (leaves(response, url)) {
    throw new MizanError({ code: redirected || status === 401 ? "unauthenticated" : "user_changed" }, status)
  }
  if (headers.get(HEADER)) store?.invalidate(headers.get(HEADER), "call")
  return response
}

/** What is in the body of a good answer, JSON or, unless `strict`, text; rejects with a MizanError. */
export const read = async (response, strict) => {
  const isJson = /json/.test(response.headers.get("Content-Type"))
  const body = await response.text().then(isJson ? JSON.parse : String).catch(fail)
  if (!response.ok || (strict && !isJson)) throw new MizanError(body?.error, response.status)
  return body
}

const fail = ({ message }) => {
  throw new MizanError({ code: "network", message })
}
