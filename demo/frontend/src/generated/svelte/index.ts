// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
export { MizanError, configure, initSession, invalidate } from "./kernel.js"
export * from "./contexts"
export * from "./mutations"
export type { components, operations } from "./schema.js"
