// What must not compile: each line below its directive.

import { ref } from "vue"
import { useContextData, useMutation } from "../../../mizan_htmx/static/mizan_htmx/vue.js"

const board = useContextData<{ open: number }>("board", { board_id: 3 })
const move = useMutation<{ card_id: number }, { id: number }>("move_card")
const event = {} as MouseEvent

// @ts-expect-error: a context has a name
useContextData()
// @ts-expect-error: a name is a text, and no ref
useContextData(ref("board"))
// @ts-expect-error: params are named
useContextData("board", 3)
// @ts-expect-error: a ref gives all params, not one of them
useContextData("board", { board_id: ref(3) })
// @ts-expect-error: a getter gives params
useContextData("board", () => 3)
// @ts-expect-error: a parameter is no Date: say how it is written
useContextData("board", { since: new Date() })
// @ts-expect-error: data is a ref
board.data.open
// @ts-expect-error: there may be no data yet
board.data.value.open
// @ts-expect-error: there is no such query
board.data.value?.closed
// @ts-expect-error: data is the server's
board.data.value = { open: 4 }
// @ts-expect-error: there is no such status
board.status.value === "done"
// @ts-expect-error: there may be no error
board.error.value.code
// @ts-expect-error: a mutation has a name
useMutation()
// @ts-expect-error: arguments are an object
useMutation<number>("move_card")
// @ts-expect-error: an argument is missing
move.mutate()
// @ts-expect-error: an argument is of another type
move.mutate({ card_id: "seven" })
// @ts-expect-error: there is no such argument
move.mutate({ card_id: 7, colour: "red" })
// @ts-expect-error: an event is no arguments
move.mutate(event)
// @ts-expect-error: an event is no arguments, where they are not typed either
useMutation("archive").mutate(event)
// @ts-expect-error: there is no such result
move.mutate({ card_id: 7 }).then((card) => card.title)
// @ts-expect-error: isPending is a ref
move.isPending === true
// @ts-expect-error: who calls does not say what is pending
move.isPending.value = false
// @ts-expect-error: there may be no error
move.error.value.code
