import { svelte } from "@sveltejs/vite-plugin-svelte"
import vue from "@vitejs/plugin-vue"
import { defineConfig } from "vite"

// One file for each island, under a name that a template can write. They import one another by
// relative addresses, so that they work wherever STATIC_URL leads.
export default defineConfig({
  base: "./",
  plugins: [vue(), svelte({ configFile: false })],
  build: {
    target: "es2022",
    rolldownOptions: {
      input: { react: "src/react/island.tsx", vue: "src/vue/island.ts", svelte: "src/svelte/island.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "shared-[hash].js" },
    },
  },
})
