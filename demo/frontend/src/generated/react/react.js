// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// React 18 and 19: contexts and mutations of the kernel as hooks.

import { createContext, createElement, useCallback, useContext, useMemo, useRef, useState } from "react"
import { useSyncExternalStore } from "react"
import { mizanCall, registerContext } from "./kernel.js"

/** What a component sees of a context. A render may never commit, so it only looks; subscribing holds the entry. */
function view(name, params) {
  let held
  const entry = () => {
    if (held) return held
    const seen = registerContext(name, params)
    seen.unregister()
    return seen
  }
  const subscribe = (listener) => {
    const mine = (held = registerContext(name, params))
    const undo = mine.subscribe(listener)
    return () => {
      undo()
      held = undefined
      queueMicrotask(mine.unregister) // who subscribes anew in this commit, as in StrictMode, finds it there
    }
  }
  return [subscribe, () => entry().getState(), () => entry().getServerState()]
}

/** The state of a context, `{ data, status, error }`. Params are compared by what is in them. */
export function useContextData(name, params) {
  const key = JSON.stringify(params, (_, value) => (typeof value === "bigint" ? `${value}` : value))
  return useSyncExternalStore(...useMemo(() => view(name, params), [name, key]))
}

/** A mutation, `{ mutate, isPending, error }`. The error is that of the newest call. */
export function useMutation(fn) {
  const [{ pending, error }, set] = useState({ pending: 0 })
  const newest = useRef()
  const mutate = useCallback((args) => {
    const call = (newest.current = mizanCall(fn, args))
    const end = (error) =>
      set((now) => ({ pending: now.pending - 1, error: newest.current === call ? error : now.error }))
    set((now) => ({ pending: now.pending + 1 }))
    call.then(() => end(), end)
    return call
  }, [fn])
  return { mutate, isPending: pending > 0, error }
}

const Global = createContext()

/** Holds the context `global` for all below it. */
export const MizanProvider = (props) =>
  createElement(Global.Provider, { value: useContextData("global") }, props.children)

/** The state of the context `global`. */
export function useGlobal() {
  const state = useContext(Global)
  if (!state) throw Error("useGlobal() needs a <MizanProvider> above it")
  return state
}
