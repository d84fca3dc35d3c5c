// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// Types of react.js, written by hand.

import type { ReactElement, ReactNode } from "react"
import type { MizanError, Params, State } from "./kernel.js"

/**
 * The state of a context. Whoever names the same context and params shares one entry.
 *
 * @param name the context.
 * @param params its parameters, compared by what is in them: a literal at each render is fine.
 */
export function useContextData<Data = unknown>(name: string, params?: Params): State<Data>

export interface Mutation<Args extends object, Result> {
  /** Call it. Rejects with a `MizanError`, which `error` holds as well: nobody has to catch it. */
  readonly mutate: (...args: {} extends Args ? [args?: Args] : [args: Args]) => Promise<Result>
  /** Until the last call has ended. */
  readonly isPending: boolean
  /** What the newest call failed with; gone with the next. */
  readonly error: MizanError | undefined
}

/** A mutation, by its name. */
export function useMutation<Args extends object = Record<string, unknown>, Result = unknown>(
  fn: string,
): Mutation<Args, Result>

/** Holds the context `global` for all below it. */
export function MizanProvider(props: { children?: ReactNode }): ReactElement

/** The state of the context `global`, below a `MizanProvider`; throws where there is none. */
export function useGlobal<Data = unknown>(): State<Data>
