// The page's one kernel. A bundled island and the static script share it, whoever comes first.

import { configure } from "./page.js"
import { createStore } from "./store.js"
import { createCall, initSession } from "./transport.js"

const VERSION = "0.1.0"
const PLACE = Symbol.for("mizan.kernel")

const major = (version) => version.split(".")[0]

function create() {
  const store = createStore()
  return { version: VERSION, store, configure, initSession, invalidate: store.invalidate, call: createCall(store) }
}

function shared() {
  const there = globalThis[PLACE]
  if (!there) return (globalThis[PLACE] = create())
  if (major(there.version) === major(VERSION)) return there
  console.warn(`mizan ${VERSION} beside ${there.version}: each keeps its own state`)
  return create()
}

export const kernel = shared()
