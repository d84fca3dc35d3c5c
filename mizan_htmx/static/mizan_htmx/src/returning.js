// The whole browser: other tabs, and the time when nobody looked at this one.

import { createLog } from "./log.js"
import { base } from "./page.js"
import { arrive } from "./transport.js"

const AWAY = 30_000
const RESTORED = ["htmx:historyRestore", "htmx:history:cache:after:restore"] // by 2; by an extension of 4

/** Watch for what this page cannot know of otherwise, for a store. */
export const watch = (store) => {
  const tabs = globalThis.BroadcastChannel && new BroadcastChannel(`mizan ${base()}`)
  if (tabs) {
    const log = createLog(["*"])
    document.addEventListener("mizan:invalidated", ({ detail: { keys, source } }) => {
      if (source === "returned") return
      log.note(Date.now(), keys)
      if (source !== "tab") tabs.postMessage(keys)
    })
    tabs.onmessage = ({ data }) => {
      if (data.map) return store.invalidate(data, "tab")
      const news = log.since(data)
      if (news[0]) tabs.postMessage(news)
    }
    // What others heard of while this page was on its way, it has to hear, too.
    tabs.postMessage(performance.timeOrigin)
  }

  arrive()
  let seen = Date.now()
  let told = 0
  // Timers sleep where the machine or the tab does, so a gap is what tells of it.
  const look = ({ type, persisted } = {}) => {
    if (document.hidden && type !== "visibilitychange") return
    if (persisted) arrive(true)
    const now = Date.now()
    const away = now - seen
    seen = now
    // From its cache a browser says that the page is visible, and then that it is shown.
    if (!((persisted && now - told > 1_000) || away > AWAY || /line|hist/.test(type))) return
    told = now
    store.invalidate("*", "returned")
  }
  for (const type of ["pageshow", "visibilitychange", "online", ...RESTORED]) addEventListener(type, look)
  setInterval(look, AWAY / 3)
}
