// Types of mizan.js and mizan.min.js: the kernel's, for the bridge to htmx exports nothing.

export * from "./kernel.js"
