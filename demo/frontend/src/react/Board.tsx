import type { Place } from "../define"
import { useBoard, useToggleCard } from "../generated/react"
import { Card } from "./Card"
import { useDrag } from "./drag"
import { Figures } from "./Figures"
import { useFocusAlong } from "./focus"
import { useMoves } from "./moves"

export function Board({ board, user }: Place) {
  const { data, error } = useBoard({ board_id: board })
  const { cards, move, isPending, fault } = useMoves(data)
  const toggle = useToggleCard()
  const columns = data?.columns ?? []
  const drag = useDrag((id, lane) => {
    const card = cards.find((card) => card.id === id)
    const column = columns.find((column) => column.id === lane)
    if (card && column && card.column_id !== lane) void move(card, column)
  })
  const focus = useFocusAlong(cards)

  return (
    <>
      <div className="lanes" role="group" aria-label="Columns, in React" aria-busy={isPending || toggle.isPending} {...focus}>
        {columns.map((column, index) => {
          const here = cards.filter((card) => card.column_id === column.id)
          return (
            <section
              key={column.id}
              className="slips"
              aria-label={column.title}
              data-lane={column.id}
              data-over={drag.over === column.id ? "" : undefined}
            >
              <h3>
                {column.title} <span className="count">{here.length}</span>
              </h3>
              <ol tabIndex={0} aria-label={`Cards of ${column.title}`}>
                {here.map((card) => (
                  <Card
                    key={card.id}
                    card={card}
                    left={columns[index - 1]}
                    right={columns[index + 1]}
                    move={move}
                    tick={({ id }) => toggle.mutate({ card_id: id })}
                    style={drag.style(card.id)}
                    {...drag.handlers(card.id)}
                  />
                ))}
              </ol>
            </section>
          )
        })}
      </div>
      <p className="error" role="alert">
        {fault || toggle.error?.message || (!data && error?.message)}
      </p>
      <Figures board={board} user={user} />
    </>
  )
}
