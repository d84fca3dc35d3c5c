// What must compile.

import { derived, get, type Readable } from "svelte/store"
import { contextData, mutation, type MutationState } from "../../../mizan_htmx/static/mizan_htmx/svelte.js"
import type { State } from "../../../mizan_htmx/static/mizan_htmx/kernel.js"

interface Board {
  open: number
}
interface MoveCard {
  card_id: number
  column_id?: number
}

const board: Readable<State<Board>> = contextData<Board>("board", { board_id: 3, tags: ["a", "b"], since: undefined })
export const whole: Readable<State<unknown>> = contextData("board")
export const open: Readable<number> = derived(board, ({ data }) => data?.open ?? 0)
const state = get(board)
if (state.status === "success") state.data.open.toFixed()
if (state.status === "error") state.error.details.map(({ message }) => message)

const move = mutation<MoveCard, Board>("move_card")
export const moved: Promise<Board> = move.mutate({ card_id: 7 })
export const shown: MutationState = get(move)
export const leave: () => void = move.subscribe(({ isPending, error }) => isPending && error?.code === "invalid")
export const nothing: Promise<unknown> = mutation("archive").mutate()
export const none: Promise<Board> = mutation<Record<string, never>, Board>("archive").mutate()
