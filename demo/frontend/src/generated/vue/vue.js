// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// Vue 3: contexts and mutations of the kernel as refs.

import { computed, getCurrentInstance, inject, onActivated, onDeactivated, onServerPrefetch } from "vue"
import { shallowRef, ssrContextKey, toValue, watchEffect } from "vue"
import { mizanCall, registerContext } from "./kernel.js"

/** A context as refs, `{ data, status, error }`, until the scope ends. Params may be a ref or a getter. */
export function useContextData(name, params) {
  const state = shallowRef({ status: "idle" })
  const register = () => registerContext(name, toValue(params))
  const component = getCurrentInstance()
  if (component && inject(ssrContextKey, null)) onServerPrefetch(() => prefetch(register, state))
  else watch(register, state, component)
  const part = (name) => computed(() => state.value[name])
  return { data: part("data"), status: part("status"), error: part("error") }
}

function watch(register, state, component) {
  const active = shallowRef(true)
  if (component) {
    onActivated(() => (active.value = true))
    onDeactivated(() => (active.value = false))
  }
  watchEffect((onCleanup) => {
    const entry = register()
    const show = () => (state.value = entry.getState())
    // Nobody sees what is kept alive: it fetches no more until it is shown again.
    const undo = active.value && entry.subscribe(show)
    onCleanup(() => {
      if (undo) undo()
      queueMicrotask(entry.unregister) // later, for what comes next may be of the same entry
    })
    show()
  })
}

/** On the server nothing subscribes: the data is awaited, and an error is a state like any other. */
async function prefetch(register, state) {
  const entry = register()
  if (entry.getState().status !== "success") await entry.refetch().catch(() => {})
  state.value = entry.getState()
  entry.unregister()
}

/** A mutation, `{ mutate, isPending, error }`. The error is that of the newest call. */
export function useMutation(fn) {
  const state = shallowRef({ pending: 0 })
  let newest
  const set = (change, error) => (state.value = { pending: state.value.pending + change, error })
  const mutate = (args) => {
    const call = (newest = mizanCall(fn, args))
    const end = (error) => set(-1, newest === call ? error : state.value.error)
    set(1)
    call.then(() => end(), end)
    return call
  }
  return { mutate, isPending: computed(() => state.value.pending > 0), error: computed(() => state.value.error) }
}
