// Bindings of one key each, so kept that an invalidation need not look at all of them: in groups of
// one context and the same names of parameters; in each, by every value.

const NONE = new Set()

export function createIndex() {
  const groups = new Map()

  /** Add a binding. Returns the undo. */
  function add(binding) {
    const [{ name, params }] = binding.keys
    const group = at(groups, [name, ...[...params.keys()].sort()].join(), Map)
    const places = ["", ...params].map(String)
    for (const place of places) at(group, place, Set).add(binding)
    return () => {
      for (const place of places) {
        const found = group.get(place)
        found.delete(binding)
        if (!found.size) group.delete(place)
      }
    }
  }

  /** Among the bindings that one of the keys may cover, those that are reached. */
  const find = (reached, keys) =>
    keys.flatMap(({ name, params }) =>
      [...groups].flatMap(([shape, group]) => {
        const [context, ...names] = shape.split(",")
        if (name !== "*" && name !== context) return []
        const few = ["", ...[...params].filter(([param]) => names.includes(param))]
          .map((place) => group.get(`${place}`) ?? NONE)
          .reduce((a, b) => (a.size < b.size ? a : b))
        return [...few].filter(reached)
      }),
    )

  return { add, find }
}

const at = (map, key, Kind) => map.get(key) ?? map.set(key, new Kind()).get(key)
