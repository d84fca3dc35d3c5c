// Bindings of one key each, so kept that an invalidation need not look at all of them: in groups of
// one context and the same names of parameters; in each, by every value.

const NONE = new Set()

export function createIndex() {
  const groups = new Map()

  /** Add a binding, its key's parameters sorted. Returns the undo. */
  function add(binding) {
    const [{ name, params }] = binding.keys
    const group = at(groups, [name, ...params.keys()].join(), Map)
    const places = ["*", name, ...params.keys(), ...params].map(String)
    for (const place of places) at(group, place, Set).add(binding)
    return () => {
      for (const place of places) {
        const found = group.get(place)
        if (found.delete(binding) && !found.size) group.delete(place)
      }
    }
  }

  /** Among the bindings that one of the keys may cover, those that are reached. */
  const find = (reached, keys) =>
    keys.flatMap(({ name, params }) =>
      [...groups.values()].flatMap((group) => {
        let few = group.get(name) ?? NONE
        for (const pair of name === "*" ? [] : params) {
          const same = group.get(`${pair}`) ?? NONE
          if (group.has(pair[0]) && same.size < few.size) few = same
        }
        return [...few].filter(reached)
      }),
    )

  return { add, find }
}

const at = (map, key, Kind) => map.get(key) ?? map.set(key, new Kind()).get(key)
