// What an answer has filled, by the time its request is over.

/** Whether a binding's element is left as it was: by the nodes that it had when the answer came. */
export const isLeft = ([{ elt }, nodes]) => !nodes.length || nodes.some((node) => node.parentNode === elt)

/** Whether an answer brought a binding, or was put into its element or around it; what is its own is known. */
export const isBrought = ({ binding, late, target }, other) =>
  (!other.asked && !other.stale) ||
  (!late && other !== binding && (target?.contains(other.elt) || other.elt?.contains(target)))

export const urlOf = (elt) => elt.getAttribute("hx-get")

/** Whether an element was given another URL meanwhile, by a morph or a script. */
export const isElsewhere = ({ elt, shows }) => urlOf(elt) !== shows
