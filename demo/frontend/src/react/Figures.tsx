import type { Place } from "../define"
import { useBoard, useInbox } from "../generated/react"

/** The three numbers that every piece of the page shows. */
export function Figures({ board, user }: Place) {
  const stats = useBoard({ board_id: board }).data?.stats
  const unread = useInbox({ user_id: user }).data?.unread
  return (
    <p className="figures">
      <span><strong data-figure="open">{stats?.open ?? "–"}</strong> open</span>
      <span><strong data-figure="done">{stats?.done ?? "–"}</strong> done</span>
      <span><strong data-figure="unread">{unread ?? "–"}</strong> unread</span>
    </p>
  )
}
