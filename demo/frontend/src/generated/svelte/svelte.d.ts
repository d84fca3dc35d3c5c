// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// Types of svelte.js, written by hand.

import type { Readable } from "svelte/store"
import type { MizanError, Params, State } from "./kernel.js"

/**
 * A store of the state of a context. It enters with its first subscriber and leaves with its last.
 * Whoever names the same context and params shares one entry.
 *
 * @param name the context.
 * @param params its parameters.
 */
export function contextData<Data = unknown>(name: string, params?: Params): Readable<State<Data>>

export interface MutationState {
  /** Until the last call has ended. */
  readonly isPending: boolean
  /** What the newest call failed with; gone with the next. */
  readonly error: MizanError | undefined
}

export interface Mutation<Args extends object, Result> extends Readable<MutationState> {
  /** Call it. Rejects with a `MizanError`, which `error` holds as well: nobody has to catch it. */
  readonly mutate: (...args: {} extends Args ? [args?: Args] : [args: Args]) => Promise<Result>
}

/** A mutation, by its name. */
export function mutation<Args extends object = Record<string, unknown>, Result = unknown>(
  fn: string,
): Mutation<Args, Result>
