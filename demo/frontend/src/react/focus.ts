import { useLayoutEffect, useRef } from "react"

/**
 * The focus goes with a card into its new column, where its buttons are new elements; where the one
 * that was pressed is missing, to the other.
 */
export function useFocusAlong(changed: unknown) {
  const pressed = useRef("")

  useLayoutEffect(() => {
    if (!pressed.current || document.activeElement !== document.body) return
    const [name, side, id] = pressed.current.split("-")
    const ids = [pressed.current, `${name}-${side === "left" ? "right" : "left"}-${id}`]
    ids.map((id) => document.getElementById(id)).find((found) => found)?.focus()
  }, [changed])

  return {
    onFocus: ({ target }: { target: Element }) => void (pressed.current = target.matches(".moves button") ? target.id : ""),
    // React tells of no blur that it made itself by taking the button away.
    onBlur: () => void (pressed.current = ""),
  }
}
