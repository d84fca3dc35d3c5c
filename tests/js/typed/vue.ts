// What must compile.

import { computed, reactive, ref, shallowRef, type Ref } from "vue"
import { useContextData, useMutation } from "../../../mizan_htmx/static/mizan_htmx/vue.js"
import type { MizanError } from "../../../mizan_htmx/static/mizan_htmx/kernel.js"

interface Board {
  open: number
}
interface MoveCard {
  card_id: number
  column_id?: number
}

const { data, status, error } = useContextData<Board>("board", { board_id: 3, tags: ["a", "b"], since: undefined })
export const open: number | undefined = data.value?.open
export const shown: Readonly<Ref<Board | undefined>> = data
export const ready: boolean = status.value === "success"
export const failed: MizanError | undefined = error.value

const id = ref(3)
useContextData("board")
useContextData("board", () => ({ board_id: id.value }))
useContextData("board", ref({ board_id: 3 }))
useContextData("board", shallowRef({ board_id: 3 }))
useContextData("board", reactive({ board_id: 3 }))
useContextData("board", computed(() => ({ board_id: id.value })))

const move = useMutation<MoveCard, Board>("move_card")
export const moved: Promise<Board> = move.mutate({ card_id: 7 })
export const pending: boolean = move.isPending.value
export const reason: MizanError | undefined = move.error.value
export const nothing: Promise<unknown> = useMutation("archive").mutate()
export const none: Promise<Board> = useMutation<Record<string, never>, Board>("archive").mutate()
