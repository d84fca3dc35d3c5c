// For tsc alone: vue-tsc and svelte-check look into the files themselves.

declare module "*.vue" {
  import type { DefineComponent } from "vue"
  const component: DefineComponent<{ board: number; user: number }>
  export default component
}
