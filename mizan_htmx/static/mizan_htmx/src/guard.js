// What somebody does inside a fragment: typing.js looks after it, and is loaded when somebody first does.

import { boundAround } from "./elements.js"
import { page } from "./page.js"

const DEEDS = ["focusin", "input", "pointerdown", "scroll", "toggle"]
const PATIENCE = 2000 // milliseconds that refetches wait for it

/** For a store: whether a binding's refetch has to wait, and what of its element is put back. */
export const guard = (store) => {
  let typing // or what stands for it until it is there

  const begin = ({ target }) => {
    if (typing || !boundAround(target) || !page("typing")) return
    const late = new Promise((done) => setTimeout(done, PATIENCE))
    const loading = Promise.race([import(page("typing")), late])
      .catch(() => {}) // it is tried again when somebody does something next
      .then((loaded) => (typing = loaded))
    typing = {
      isBusy: () => true,
      whenDone: (_, again) => loading.then(again),
      sent: (element) => loading.then((loaded) => loaded?.sent(element)),
    }
  }
  for (const deed of DEEDS) document.addEventListener(deed, begin, true)
  begin({ target: document.activeElement }) // who came with the page, by autofocus, says nothing

  /** Whether somebody would be interrupted; then it is refetched when they are done. */
  const isHeld = (binding) => {
    const isBusy = typing?.isBusy(binding.elt)
    if (isBusy) typing.whenDone(binding.elt, () => store.refetch([binding]))
    return isBusy
  }

  /** What a write takes with it is not what they type any more, once it is done: then call what this resolves with. */
  const sent = async (element) => typing?.sent(element)

  return { isHeld, keep: (element) => typing?.keep?.(element), sent }
}
