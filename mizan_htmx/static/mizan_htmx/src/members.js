// Who is in a set, each until its undo.

/** Put a member into a set. Returns the undo, which calls `close` where nobody is left. */
export const join = (set, member, close) => {
  set.add(member)
  return () => {
    if (set.delete(member) && !set.size) close()
  }
}
