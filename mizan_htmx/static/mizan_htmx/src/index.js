// Bindings of one key each, so kept that an invalidation need not look at all of them: by the
// context's name, the names of the parameters, then by each parameter's value.

import { covers } from "./keys.js"

export function createIndex() {
  const names = new Map()

  /** The sets a binding stands in: that of its group, and one for each of its values. */
  function sets({ keys: [{ name, params }] }) {
    const group = within(within(names, name), [...params.keys()].sort().join())
    return [["", ""], ...params].map(([param, value]) => [within(group, param), value])
  }

  function add(binding) {
    for (const [values, value] of sets(binding)) within(values, value, Set).add(binding)
  }

  function remove(binding) {
    for (const [values, value] of sets(binding)) {
      const found = values.get(value)
      found.delete(binding)
      if (!found.size) values.delete(value)
    }
  }

  /** The bindings that one of the keys covers. */
  function reached(keys) {
    const found = new Set()
    for (const key of keys) {
      const groups = key.name === "*" ? [...names.values()] : [names.get(key.name) ?? new Map()]
      for (const group of groups.flatMap((groups) => [...groups.values()])) {
        for (const binding of fewest(group, key)) if (covers(key, binding.keys[0])) found.add(binding)
      }
    }
    return [...found]
  }

  return { add, remove, reached }
}

/** The smallest set of a group in which all stand that a key may cover. */
function fewest(group, { params }) {
  let few = [...group.get("").values()][0] ?? new Set()
  for (const [param, value] of params) {
    const same = group.has(param) ? (group.get(param).get(value) ?? new Set()) : few
    if (same.size < few.size) few = same
  }
  return few
}

function within(map, key, Kind = Map) {
  if (!map.has(key)) map.set(key, new Kind())
  return map.get(key)
}
