// What a bundled island imports: the page's kernel, without the bridge to htmx.

import { kernel } from "./shared.js"

export const { registerContext, invalidate, mizanFetch, mizanCall, initSession, configure, MizanError } = kernel
