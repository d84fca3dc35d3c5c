// What must not compile: each line below its directive.

import { createElement } from "react"
import { MizanProvider, useContextData, useGlobal, useMutation } from "../../../mizan_htmx/static/mizan_htmx/react.js"

const board = useContextData<{ open: number }>("board", { board_id: 3 })
const move = useMutation<{ card_id: number }, { id: number }>("move_card")
const event = {} as MouseEvent

// @ts-expect-error: a context has a name
useContextData()
// @ts-expect-error: a name is a text
useContextData(3)
// @ts-expect-error: params are named
useContextData("board", 3)
// @ts-expect-error: a parameter is no object
useContextData("board", { board_id: { id: 3 } })
// @ts-expect-error: a parameter is no Date: say how it is written
useContextData("board", { since: new Date() })
// @ts-expect-error: params are no getter
useContextData("board", () => ({ board_id: 3 }))
// @ts-expect-error: there may be no data yet
board.data.open
// @ts-expect-error: there is no such query
board.data?.closed
// @ts-expect-error: a state is frozen
board.data = { open: 4 }
// @ts-expect-error: there is no such status
board.status === "done"
// @ts-expect-error: there may be no error
board.error.code
// @ts-expect-error: there is no such code
if (board.status === "error") board.error.code === "teapot"
// @ts-expect-error: a mutation has a name
useMutation()
// @ts-expect-error: arguments are an object
useMutation<number>("move_card")
// @ts-expect-error: an argument is missing
move.mutate()
// @ts-expect-error: an argument is missing
move.mutate({})
// @ts-expect-error: an argument is of another type
move.mutate({ card_id: "seven" })
// @ts-expect-error: there is no such argument
move.mutate({ card_id: 7, colour: "red" })
// @ts-expect-error: an event is no arguments
move.mutate(event)
// @ts-expect-error: an event is no arguments, where they are not typed either
useMutation("archive").mutate(event)
// @ts-expect-error: the result comes later
move.mutate({ card_id: 7 }).id
// @ts-expect-error: there is no such result
move.mutate({ card_id: 7 }).then((card) => card.title)
// @ts-expect-error: who calls does not say what is pending
move.isPending = false
// @ts-expect-error: there may be no error
move.error.code
// @ts-expect-error: the global context has no parameters
useGlobal({ user_id: 3 })
// @ts-expect-error: the data comes from the page, not by a prop
createElement(MizanProvider, { data: {} })
