import { useEffect, useState } from "react"

import { useMoveCard, type BoardData } from "../generated/react"

export type Card = BoardData["cards"][number]
export type Column = BoardData["columns"][number]

interface Move {
  column: number
  /** The server has done it: it stands in what is fetched next. */
  done: boolean
}

/**
 * The cards as they will stand once the server has moved them, and `move`, which shows a card in
 * its new column at once. Where the server refuses, the card is back where it was, and
 * `fault` says why.
 */
export function useMoves(data: BoardData | undefined) {
  const { mutate, isPending } = useMoveCard()
  const [moves, set] = useState<ReadonlyMap<number, Move>>(new Map())
  const [fault, setFault] = useState("")

  // What came from the server counts from here on; only what it has not answered yet stays.
  useEffect(() => set((now) => new Map([...now].filter(([, move]) => !move.done))), [data])

  async function move(card: Card, column: Column) {
    const mine: Move = { column: column.id, done: false }
    setFault("")
    set((now) => new Map(now).set(card.id, mine))
    try {
      await mutate({ card_id: card.id, column_id: column.id })
      set((now) => replace(now, card.id, mine, { ...mine, done: true }))
    } catch (error) {
      set((now) => replace(now, card.id, mine, undefined))
      setFault(`“${card.title}” was not moved. ${error instanceof Error ? error.message : ""}`)
    }
  }

  return { cards: place(data?.cards ?? [], moves), move, isPending, fault }
}

/** With another in place of a card's move, unless the card was moved again since. */
function replace(moves: ReadonlyMap<number, Move>, id: number, old: Move, next: Move | undefined) {
  if (moves.get(id) !== old) return moves
  const others = [...moves].filter(([other]) => other !== id)
  return new Map(next ? [...others, [id, next]] : others)
}

/** Each card in its column; what was moved stands last there, as on the server. */
function place(cards: readonly Card[], moves: ReadonlyMap<number, Move>): readonly Card[] {
  const byId = new Map(cards.map((card) => [card.id, card]))
  const moved = [...moves].flatMap(([id, { column }]) => {
    const card = byId.get(id)
    return card && card.column_id !== column ? [{ ...card, column_id: column }] : []
  })
  const away = new Set(moved.map(({ id }) => id))
  return [...cards.filter(({ id }) => !away.has(id)), ...moved]
}
