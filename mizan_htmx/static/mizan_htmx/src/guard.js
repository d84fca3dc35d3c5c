// What somebody does inside a fragment: typing.js looks after it, and is loaded when somebody first does.

import { boundAround } from "./elements.js"
import { page } from "./page.js"

const DEEDS = ["focusin", "input", "pointerdown", "scroll", "toggle"]
const PATIENCE = 2000 // milliseconds that refetches wait for it

/** For a store: whether a binding's refetch has to wait, and what of its element is put back. */
export const guard = (store) => {
  let loading
  let typing

  const begin = ({ target }) => {
    if (loading || !boundAround(target) || !page("typing")) return
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE))
    loading = Promise.race([import(page("typing")), late]).then(
      (loaded) => (typing = loaded),
      () => (loading = undefined),
    )
  }
  for (const deed of DEEDS) document.addEventListener(deed, begin, true)
  begin({ target: document.activeElement }) // who came with the page, by autofocus, says nothing

  /** Whether somebody would be interrupted; then it is refetched when they are done. */
  const isHeld = (binding) => {
    const again = () => store.refetch([binding])
    if (!loading || (typing && !typing.isBusy(binding.elt))) return false
    typing ? typing.whenDone(binding.elt, again) : loading.then(again)
    return true
  }

  /** What a write takes with it is not what they type any more, once it is done: call what this returns. */
  const sent = (element) => {
    const asked = loading?.then((loaded) => loaded?.sent(element))
    return () => asked?.then((done) => done?.())
  }

  return { isHeld, keep: (element) => typing?.keep(element), sent }
}
