// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// Svelte 5 and 4: contexts and mutations of the kernel as stores.

import { readable, writable } from "svelte/store"
import { mizanCall, registerContext } from "./kernel.js"

/** A store of a context's state, `{ data, status, error }`, which holds the context while it has subscribers. */
export function contextData(name, params) {
  return readable(undefined, (set) => {
    const entry = registerContext(name, params)
    const show = () => set(entry.getState())
    const undo = entry.subscribe(show)
    show()
    return () => {
      undo()
      queueMicrotask(entry.unregister) // later, for what comes next may be of the same entry
    }
  })
}

/** A mutation: a store of `{ isPending, error }` with `mutate`. The error is that of the newest call. */
export function mutation(fn) {
  const { subscribe, update } = writable({ isPending: false, error: undefined })
  let pending = 0
  let newest
  const mutate = (args) => {
    const call = (newest = mizanCall(fn, args))
    const end = (reason) => {
      pending--
      update(({ error }) => ({ isPending: pending > 0, error: newest === call ? reason : error }))
    }
    pending++
    update(() => ({ isPending: true, error: undefined }))
    call.then(() => end(), end)
    return call
  }
  return { subscribe, mutate }
}
