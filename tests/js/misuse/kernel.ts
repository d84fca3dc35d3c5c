// What must not compile: tests/js/types.test.js holds that each of these lines is an error.

import type { Entry, FieldError, MizanErrorCode } from "../../../mizan_htmx/static/mizan_htmx/kernel.js"
import { configure, invalidate, MizanError, mizanCall, mizanFetch, registerContext } from "../../../mizan_htmx/static/mizan_htmx/mizan.js"

type Board = { open: number }
const entry = registerContext<Board>("board", { board_id: 3, tags: ["a", 1], page: undefined, all: true, of: null })
const state = entry.getState()

// What is right, so that each error below has one reason.
const rows: Promise<Board> = mizanFetch<Board>("board", { board_id: 9007199254740993n })
const called: Promise<unknown> = mizanCall("move_card", { card_id: 7, nested: { a: [1] } })
const undo: () => void = entry.subscribe(({ status, data }) => [status, data])
const known: Promise<Board> = entry.refetch()
invalidate("board;board_id=3")
invalidate(["news", { context: "board", params: { board_id: 3 } }])
configure({ base: "/m/", epoch: undefined })
if (state.status === "success") state.data.open.toFixed()
if (state.status === "error") state.error.code satisfies MizanErrorCode
if (state.status === "error") state.error.details satisfies FieldError[]
if (state.status === "error") state.data?.open.toFixed()
new MizanError({ code: "invalid", details: [{ loc: ["rows", 0], message: "no" }] }, 422).status.toFixed()

// @ts-expect-error a name is a text
registerContext(5)
// @ts-expect-error a parameter is no object
registerContext("board", { board_id: { id: 3 } })
// @ts-expect-error nor a date, which has more than one spelling
registerContext("board", { day: new Date() })
// @ts-expect-error nor a function
mizanFetch("board", { board_id: () => 3 })
// @ts-expect-error data may not be there yet
state.data.open
// @ts-expect-error there is an error only where the status says so
state.error.code
// @ts-expect-error no such status
if (state.status === "pending") undo()
// @ts-expect-error states do not change
state.status = "idle"
// @ts-expect-error an idle entry has no data
if (state.status === "idle") state.data.open
// @ts-expect-error the context's type counts
const wrong: Entry<string> = entry
// @ts-expect-error so it does for what is fetched
const fetched: Promise<string> = rows
// @ts-expect-error and for what is fetched again
const again: Promise<string> = known
// @ts-expect-error without a type nothing is known of data
mizanFetch("board").then((data) => data.open)
// @ts-expect-error nor of a result
called.then((result) => result.id)
// @ts-expect-error a listener is a function
entry.subscribe("changed")
// @ts-expect-error it takes one state
entry.subscribe((now: Board, before: Board) => [now, before])
// @ts-expect-error arguments go by name
mizanCall("move_card", 7)
// @ts-expect-error a key in a list names its context
invalidate([{ name: "board" }])
// @ts-expect-error one key is a text, or in a list
invalidate({ context: "board" })
// @ts-expect-error no such thing is said of a page
configure({ url: "/m/" })
// @ts-expect-error no such code
new MizanError({ code: "nope" })
// @ts-expect-error a fault names its place as a list
new MizanError({ details: [{ loc: "title", message: "no" }] })
// @ts-expect-error what is unknown is not exported
import { store } from "../../../mizan_htmx/static/mizan_htmx/kernel.js"
