// A fragment whose own content writes, with nobody's hand in it, would refetch itself for ever.

import { emit } from "./events.js"

const LOOP = 2000 // milliseconds
const MOST = 5 // refetches in that time

/** Whether a write from inside a fragment made it stale too often for that to be of use. */
export const isLoop = ({ around, triggeringEvent }, binding) => {
  if (!around || triggeringEvent?.isTrusted) return false
  const now = Date.now()
  binding.loops = [...(binding.loops ?? []), now].filter((at) => now - at < LOOP)
  if (binding.loops.length <= MOST) return false
  console.error("mizan:loop", binding.elt)
  emit(binding.elt, "mizan:loop", { keys: binding.text })
  return true
}
