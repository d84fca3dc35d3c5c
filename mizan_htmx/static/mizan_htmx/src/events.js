// What the page is told.

/** Dispatch a bubbling event; false where a listener cancelled it. */
export const emit = (target, name, detail) =>
  target.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }))
