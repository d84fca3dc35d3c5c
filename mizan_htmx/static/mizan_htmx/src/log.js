// What went stale of late, so as to say later what somebody missed.

const LOG = 99 // how many invalidations are remembered

/** A log of keys by when they went stale; `everything` stands for what is not remembered any more. */
export const createLog = (everything) => {
  let log = []
  return {
    note: (at, keys) => (log = [...log.slice(-LOG), [at, keys]]),
    since: (at) =>
      log.length > LOG && log[0][0] > at ? everything : log.flatMap(([then, keys]) => (then > at ? keys : [])),
  }
}
