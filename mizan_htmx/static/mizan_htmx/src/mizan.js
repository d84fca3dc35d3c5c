// The one script of a page. Imported where there is no document it does nothing by itself.

import { bridge } from "./htmx.js"
import { kernel } from "./shared.js"

if (globalThis.document && !kernel.bridge) {
  kernel.bridge = true
  bridge(kernel.store)
}

export * from "./kernel.js"
