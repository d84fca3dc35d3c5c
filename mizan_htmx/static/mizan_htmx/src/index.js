// Bindings of one key each, so kept that an invalidation need not look at all of them: in groups of
// one context and the same names of parameters; in each, by every value.

import { join } from "./members.js"

export const createIndex = () => {
  const groups = new Map()

  /** Add a binding, its key's parameters sorted. Returns the undo. */
  const add = (binding) => {
    const [{ name, params }] = binding.keys
    const names = [name, ...params.keys()]
    const group = at(groups, `${names}`, Map)
    const undos = ["*", ...names, ...params].map((place) =>
      join(at(group, `${place}`, Set), binding, () => group.delete(`${place}`)),
    )
    return () => {
      for (const undo of undos) undo()
    }
  }

  /** Among the bindings that one of the keys may cover, those that are reached. */
  const find = (reached, keys) =>
    keys.flatMap(({ name, params }) =>
      [...groups.values()].flatMap((group) => {
        let few = group.get(name) ?? []
        for (const pair of name === "*" ? [] : params) {
          const same = group.get(`${pair}`) ?? new Set()
          if (group.has(pair[0]) && same.size < few.size) few = same
        }
        return [...few].filter(reached)
      }),
    )

  return { add, find }
}

const at = (map, key, Kind) => map.get(key) ?? map.set(key, new Kind()).get(key)
