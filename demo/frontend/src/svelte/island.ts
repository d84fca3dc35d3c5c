import { mount, unmount } from "svelte"

import { define } from "../define"
import Inbox from "./Inbox.svelte"

define("svelte-inbox", (target, props) => {
  const component = mount(Inbox, { target, props })
  return () => void unmount(component)
})
