// What must not compile: each line below its directive.

import { get } from "svelte/store"
import { contextData, mutation } from "../../../mizan_htmx/static/mizan_htmx/svelte.js"

const board = contextData<{ open: number }>("board", { board_id: 3 })
const move = mutation<{ card_id: number }, { id: number }>("move_card")
const event = {} as MouseEvent

// @ts-expect-error: a context has a name
contextData()
// @ts-expect-error: a name is a text
contextData(3)
// @ts-expect-error: params are named
contextData("board", 3)
// @ts-expect-error: params are no store
contextData("board", board)
// @ts-expect-error: a parameter is no Date: say how it is written
contextData("board", { since: new Date() })
// @ts-expect-error: data is in the state of the store
board.data
// @ts-expect-error: there may be no data yet
get(board).data.open
// @ts-expect-error: there is no such query
get(board).data?.closed
// @ts-expect-error: data is the server's
board.set({ data: { open: 4 }, status: "success", error: undefined })
// @ts-expect-error: there is no such status
get(board).status === "done"
// @ts-expect-error: there may be no error
get(board).error.code
// @ts-expect-error: a mutation has a name
mutation()
// @ts-expect-error: arguments are an object
mutation<number>("move_card")
// @ts-expect-error: an argument is missing
move.mutate()
// @ts-expect-error: an argument is of another type
move.mutate({ card_id: "seven" })
// @ts-expect-error: there is no such argument
move.mutate({ card_id: 7, colour: "red" })
// @ts-expect-error: an event is no arguments
move.mutate(event)
// @ts-expect-error: an event is no arguments, where they are not typed either
mutation("archive").mutate(event)
// @ts-expect-error: there is no such result
move.mutate({ card_id: 7 }).then((card) => card.title)
// @ts-expect-error: what is pending is in the state of the store
move.isPending
// @ts-expect-error: who calls does not say what is pending
get(move).isPending = false
// @ts-expect-error: there may be no error
get(move).error.code
