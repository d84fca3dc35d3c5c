// How a request of htmx goes out together with others: each keeps its own life, down to its last event.

import { contentOf, itemOf } from "./elements.js"
import { tagOf } from "./fresh.js"

/** Have a fragment's request wait for the others. `ask` is the store's. */
export const joinOthers = (ask, detail, { binding, path }) => {
  const { elt, etag, html } = binding
  const item = itemOf(elt, detail.pathInfo?.finalRequestPath ?? path)
  // Where something else was put in since, the same answer has to be put in again.
  const answer = () => ask(item, html === contentOf(elt) && etag, binding)
  if (item) detail.ctx ? join4(detail.ctx, answer) : join2(detail.xhr, answer)
}

/** What an item says as an answer; what did not change is nothing to swap. */
const headOf = ({ etag }) => ({ "Content-Type": "text/html", ...(etag && { ETag: `"${etag}"` }) })
const statusOf = ({ status }) => (status === 304 ? 204 : status)

/** htmx 4 takes a fetch of its own for each request. */
const join4 = (ctx, answer) => {
  const { fetch } = ctx
  ctx.fetch = async (url, init) => {
    const aborted = new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal.reason)))
    const item = await Promise.race([answer(), aborted])
    return item ? new Response(item.html ?? null, { status: statusOf(item), headers: headOf(item) }) : fetch(url, init)
  }
}

/** htmx 2 sends an xhr: this one is answered from here. */
const join2 = (xhr, answer) => {
  const end = (type) => {
    delete xhr.abort
    for (const each of [type, "loadend"]) xhr.dispatchEvent(new ProgressEvent(each))
  }
  xhr.send = async (body) => {
    let aborted
    xhr.abort = () => end((aborted = "abort"))
    xhr.dispatchEvent(new ProgressEvent("loadstart"))
    const item = await answer().catch(() => ({ status: 0 }))
    if (aborted) return
    if (!item) {
      delete xhr.abort
      delete xhr.send
      return xhr.send(body)
    }
    const headers = new Headers(headOf(item))
    const response = { value: item.html ?? "" }
    Object.defineProperties(xhr, {
      status: { value: statusOf(item) },
      readyState: { value: 4 },
      response,
      responseText: response,
      getResponseHeader: { value: (name) => headers.get(name) },
    })
    end(item.status ? "load" : "error")
  }
}
