// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
// Types of kernel.js, written by hand.

/** A value of a parameter. `5` and `"5"` are one; `undefined` is left out. */
export type Value = string | number | bigint | boolean | null | undefined
export type Params = Readonly<Record<string, Value | readonly Value[]>>

/** What an entry holds: frozen, and the same object until something changes. */
export type State<Data> =
  | { readonly status: "idle" | "loading"; readonly data: undefined; readonly error: undefined }
  | { readonly status: "success"; readonly data: Data; readonly error: undefined }
  | { readonly status: "error"; readonly data: Data | undefined; readonly error: MizanError }

export interface Entry<Data> {
  getState(): State<Data>
  /** What it began with: data that came with the page, or `idle`. Whoever hydrates begins with it, too. */
  getServerState(): State<Data>
  /** Hear of each new state. The first subscriber starts the fetch. Returns the undo. */
  subscribe(listener: (state: State<Data>) => void): () => void
  /** Fetch now: resolves with the data; rejects with a `MizanError` where this fetch fails. */
  refetch(): Promise<Data>
  /** Leave; the entry goes with the last. */
  unregister(): void
}

export function registerContext<Data = unknown>(name: string, params?: Params): Entry<Data>

/** Fresh data of a context, once; rejects with a `MizanError`. */
export function mizanFetch<Data = unknown>(name: string, params?: Params): Promise<Data>

/** Call a mutation: its result, or its text; rejects with a `MizanError`. */
export function mizanCall<Result = unknown>(name: string, args?: object): Promise<Result>

/** Make stale what the keys reach: the header's text, or the list of a call's body. */
export function invalidate(
  keys: string | readonly (string | { readonly context: string; readonly params?: Params })[],
): void

/** Fetch a CSRF token. */
export function initSession(): Promise<void>

export interface Page {
  base?: string | undefined
  login?: string | undefined
  epoch?: string | undefined
  csrfToken?: string | undefined
  csrfCookie?: string | undefined
  csrfHeader?: string | undefined
}

/** Say what a page without `{% mizan_scripts %}` does not say. */
export function configure(values: Page): void

export type MizanErrorCode =
  | "bad_request"
  | "unauthenticated"
  | "forbidden"
  | "csrf"
  | "not_found"
  | "method_not_allowed"
  | "changed"
  | "user_changed"
  | "too_large"
  | "unsupported_media_type"
  | "invalid"
  | "internal"
  | "network"
  | "session"

export interface FieldError {
  loc: (string | number)[]
  message: string
}

export class MizanError extends Error {
  constructor(error?: { code?: MizanErrorCode; message?: string; details?: FieldError[] }, status?: number)
  readonly name: "MizanError"
  readonly code: MizanErrorCode
  /** The answer's status; 0 where there was none. */
  readonly status: number
  /** Of `invalid`, the faults by field. */
  readonly details: FieldError[]
}
