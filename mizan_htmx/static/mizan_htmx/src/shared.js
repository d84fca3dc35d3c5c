// The page's one kernel. A bundled island and the static script share it, whoever comes first.

import { createEntries } from "./entries.js"
import { createAsk, mounted } from "./fresh.js"
import { configure } from "./page.js"
import { watch } from "./returning.js"
import { createStore } from "./store.js"
import { createCall, initSession, MizanError } from "./transport.js"

const PLACE = Symbol.for("mizan.kernel")

const store = createStore()
store.together = createAsk(store)
store.mounted = () => mounted(store)
const mine = {
  version: "0.1.0",
  store,
  configure,
  initSession,
  invalidate: store.invalidate,
  mizanCall: createCall(store),
  MizanError,
  ...createEntries(store),
}
const there = (globalThis[PLACE] ??= mine)
// Of our major; and one that is older may lack what this one has.
const fits = Object.keys(mine).every((name) => name in there) && /^0\./.test(there.version)
if (!fits) console.warn(`mizan ${mine.version} beside ${there.version}`)

export const kernel = fits ? there : mine
if (globalThis.document && there === mine) watch(store)
