// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// Types of vue.js, written by hand.

import type { ComputedRef, MaybeRefOrGetter } from "vue"
import type { MizanError, Params, State } from "./kernel.js"

export interface ContextData<Data> {
  readonly data: ComputedRef<Data | undefined>
  readonly status: ComputedRef<State<Data>["status"]>
  readonly error: ComputedRef<MizanError | undefined>
}

/**
 * A context as refs, until the component or effect scope ends. Whoever names the same context and
 * params shares one entry. On the server it is awaited and rendered.
 *
 * @param name the context.
 * @param params its parameters, or a ref or getter of them, which is followed.
 */
export function useContextData<Data = unknown>(name: string, params?: MaybeRefOrGetter<Params>): ContextData<Data>

export interface Mutation<Args extends object, Result> {
  /** Call it. Rejects with a `MizanError`, which `error` holds as well: nobody has to catch it. */
  readonly mutate: (...args: {} extends Args ? [args?: Args] : [args: Args]) => Promise<Result>
  /** Until the last call has ended. */
  readonly isPending: ComputedRef<boolean>
  /** What the newest call failed with; gone with the next. */
  readonly error: ComputedRef<MizanError | undefined>
}

/** A mutation, by its name. */
export function useMutation<Args extends object = Record<string, unknown>, Result = unknown>(
  fn: string,
): Mutation<Args, Result>
