import { createApp } from "vue"

import { define } from "../define"
import BurnDown from "./BurnDown.vue"

define("vue-burn-down", (element, place) => {
  const app = createApp(BurnDown, { ...place })
  app.mount(element)
  return () => app.unmount()
})
