// What a write's answer brought is put in as htmx would: there is nothing to ask for, so that no request is made.

import { contentOf } from "./elements.js"
import { emit } from "./events.js"

/** What a write's answer has at its end. */
export const FRESH = /<script type="application\/json" data-mizan-fresh>([^<]*)<\/script>$/

/** Put in what was brought for a binding, and keep what is somebody's. False where it has to be asked for. */
export const putIn = (store, { keep }, binding) => {
  const { elt, given, etag, html, text: keys } = binding
  // A swap of the fragment's own has options that htmx reads from a request.
  if (!given?.html || given.text !== binding.item()?.text || elt.dataset.mizanSwap || !globalThis.htmx?.swap) return
  binding.given = undefined
  const asked = store.ask(binding)
  if (etag !== given.etag || html !== contentOf(elt)) {
    const restore = keep(elt)
    swap(elt, given.html, () => {
      restore?.()
      Object.assign(binding, { etag: given.etag, html: contentOf(elt) })
    })
  }
  store.over(binding)
  store.show(binding, asked)
  delete elt.dataset.mizanStale
  emit(elt, "mizan:fresh", { keys, ms: 0, transport: "flight" })
  return true
}

/** Both may wait for a view transition. */
const swap = (elt, text, then) =>
  elt.hasAttribute("data-htmx-powered")
    ? htmx.swap({ sourceElement: elt, target: elt, text, swap: "innerHTML" }).then(then)
    : htmx.swap(elt, text, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 20 }, { afterSwapCallback: then })
