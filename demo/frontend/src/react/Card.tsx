import type { CSSProperties, HTMLAttributes } from "react"

import type { Card as CardData, Column } from "./moves"

interface Props extends HTMLAttributes<HTMLElement> {
  card: CardData
  left: Column | undefined
  right: Column | undefined
  move: (card: CardData, column: Column) => void
  tick: (card: CardData) => void
}

/** One of those that the page brings. */
const Icon = ({ name }: { name: string }) => (
  <svg className="icon" aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
)

/** A card of the board: dragged, or moved with one of its buttons; ticked. */
export function Card({ card, left, right, move, tick, ...rest }: Props) {
  const aside = { left, right }
  return (
    <li className="slip" data-done={card.done || undefined} data-dragged={rest.style ? "" : undefined} {...rest}>
      <span className="grip" aria-hidden="true" />
      <div className="slip-head">
        <button
          type="button"
          className="tick"
          aria-pressed={card.done}
          aria-label={`Done: ${card.title}`}
          onClick={() => tick(card)}
        >
          <Icon name="check" />
        </button>
        <h4>
          <a href={`/cards/${card.id}/`} draggable={false}>
            {card.title}
          </a>
        </h4>
      </div>
      <div className="slip-foot">
        <span className="points">
          {card.points}
          <span className="sr"> {card.points === 1 ? "point" : "points"}</span>
        </span>
        {card.labels.map(({ id, name, hue }) => (
          <span key={id} className="tag" style={{ "--hue": hue } as CSSProperties}>
            {name}
          </span>
        ))}
        <span className="moves">
          {(["left", "right"] as const).map((side) => {
            const column = aside[side]
            return (
              column && (
                <button
                  key={side}
                  id={`slip-${side}-${card.id}`}
                  type="button"
                  className="icon-button"
                  aria-label={`Move ${card.title} to ${column.title}`}
                  title={`To ${column.title}`}
                  onClick={() => move(card, column)}
                >
                  <Icon name={side} />
                </button>
              )
            )
          })}
        </span>
      </div>
    </li>
  )
}
