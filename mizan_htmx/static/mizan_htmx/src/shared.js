// The page's one kernel. A bundled island and the static script share it, whoever comes first.

import { createEntries } from "./entries.js"
import { configure } from "./page.js"
import { createStore } from "./store.js"
import { createCall, initSession, MizanError } from "./transport.js"

const VERSION = "0.1.0"
const PLACE = Symbol.for("mizan.kernel")

const major = (version) => version.split(".")[0]

function create() {
  const store = createStore()
  const { invalidate } = store
  const mizanCall = createCall(store)
  return { version: VERSION, store, configure, initSession, invalidate, mizanCall, MizanError, ...createEntries(store) }
}

function shared() {
  const there = globalThis[PLACE]
  const mine = create()
  if (!there) globalThis[PLACE] = mine
  // One that is older may lack what this one has.
  else if (major(there.version) === major(VERSION) && Object.keys(mine).every((name) => name in there)) return there
  else console.warn(`mizan ${VERSION} beside ${there.version}: each keeps its own state`)
  globalThis.addEventListener?.("online", mine.store.retry)
  return mine
}

export const kernel = shared()
