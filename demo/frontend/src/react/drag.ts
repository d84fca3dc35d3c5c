import { useState, type CSSProperties, type PointerEvent } from "react"

const STEP = 6 // pixels before a press becomes a drag

interface Drag {
  id: number
  /** Where the card stood, in the window; and how far it was dragged. */
  from: DOMRect
  x: number
  y: number
  dx: number
  dy: number
  over: number | undefined
}

/**
 * Dragging with any pointer: mouse, pen, or a finger on what says `touch-action: none`.
 *
 * @param drop a card was let go over a lane, an element with `data-lane`.
 */
export function useDrag(drop: (card: number, lane: number) => void) {
  const [drag, set] = useState<Drag>()
  const started = drag && Math.hypot(drag.dx, drag.dy) > STEP

  /** What a card's element needs to be dragged. */
  const handlers = (id: number) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      const { target, button, clientX: x, clientY: y } = event
      if (button || (target instanceof Element && target.closest("button, a"))) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const from = event.currentTarget.getBoundingClientRect()
      set({ id, from, x, y, dx: 0, dy: 0, over: undefined })
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      if (drag?.id === id) set({ ...drag, dx: clientX - drag.x, dy: clientY - drag.y, over: laneAt(clientX, clientY) })
    },
    onPointerUp() {
      if (started && drag.id === id && drag.over !== undefined) drop(id, drag.over)
      set(undefined)
    },
    onPointerCancel: () => set(undefined),
  })

  /** The style of what is dragged: no lane clips it, and it is not in its own way. */
  const style = (id: number): CSSProperties | undefined => {
    if (!started || drag.id !== id) return undefined
    const { from, dx, dy } = drag
    return { position: "fixed", left: from.left + dx, top: from.top + dy, width: from.width, pointerEvents: "none" }
  }

  return { handlers, style, over: started ? drag.over : undefined }
}

function laneAt(x: number, y: number): number | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const lane = element.closest<HTMLElement>("[data-lane]")?.dataset["lane"]
    if (lane) return Number(lane)
  }
  return undefined
}
