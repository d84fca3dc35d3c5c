// What must compile.

import { createElement } from "react"
import { MizanProvider, useContextData, useGlobal, useMutation } from "../../../mizan_htmx/static/mizan_htmx/react.js"
import type { MizanError, State } from "../../../mizan_htmx/static/mizan_htmx/kernel.js"

interface Board {
  open: number
}
interface MoveCard {
  card_id: number
  column_id?: number
}

const state: State<Board> = useContextData<Board>("board", { board_id: 3, tags: ["a", "b"], since: undefined, big: 5n })
export const whole: State<unknown> = useContextData("board")
export const open: number | undefined = state.data?.open
if (state.status === "success") state.data.open.toFixed()
if (state.status === "error") state.error.details.map(({ message }) => message)

const { mutate, isPending, error } = useMutation<MoveCard, Board>("move_card")
export const moved: Promise<Board> = mutate({ card_id: 7 })
export const pending: boolean = isPending
export const failed: MizanError | undefined = error
export const nothing: Promise<unknown> = useMutation("archive").mutate()
export const none: Promise<Board> = useMutation<Record<string, never>, Board>("archive").mutate()
export const some: Promise<unknown> = useMutation<{ note?: string }>("archive").mutate({ note: "done" })

export const element = createElement(MizanProvider, null, "text")
export const name: string | undefined = useGlobal<{ user: string }>().data?.user
