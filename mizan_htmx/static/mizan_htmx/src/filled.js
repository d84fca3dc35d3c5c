// What an answer has filled, by the time its request is over.

/** Whether a binding's element is left as it was: by the nodes that it had when the answer came. */
export const isLeft = ([{ elt }, nodes]) => !nodes.length || nodes.some((node) => node.parentNode === elt)

/** Where an answer is put in; what was left empty for it shows nothing of what is around, which it may keep. */
export const placeOf = (target) => (target?.innerHTML?.trim() || target?.value) && target.parentNode

/** Whether an answer brought a binding, or was put into its element or around it; what is its own is known. */
export const isBrought = ({ binding, late, target, place }, other) =>
  (!other.asked && !other.stale) ||
  (!late && other !== binding && (target?.contains(other.elt) || (place && other.elt?.contains(place))))

export const urlOf = (elt) => elt.getAttribute("hx-get")

/** Whether an element was given another URL meanwhile, by a morph or a script. */
export const isElsewhere = ({ elt, shows }) => urlOf(elt) !== shows

/** Call back once htmx 2 has swapped: that may be put off, and the target has a class until then. */
export const whenSwapped = (target, callback) => {
  if (!target?.matches?.(".htmx-swapping")) return callback()
  const observer = new MutationObserver(() => {
    observer.disconnect()
    whenSwapped(target, callback)
  })
  observer.observe(target, { attributeFilter: ["class"] })
}
