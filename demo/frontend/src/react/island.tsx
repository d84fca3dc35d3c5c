import { StrictMode } from "react"
import { createRoot } from "react-dom/client"

import { define } from "../define"
import { Board } from "./Board"

define("react-board", (element, place) => {
  const root = createRoot(element)
  root.render(
    <StrictMode>
      <Board {...place} />
    </StrictMode>,
  )
  return () => root.unmount()
})
