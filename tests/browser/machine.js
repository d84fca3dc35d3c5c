// What the state machine knows of a page from inside: time that stands still unless it is told to pass,
// what is under way, and what was painted. The script and htmx run as they are.
globalThis.machine = (() => {
  const fetched = fetch.bind(globalThis)
  const clock = Date.now.bind(Date)
  const started = clock()
  const timers = new Map()
  const under = new Set()
  const self = { now: 1000, document: `${Math.random()}`, heard: 0, restored: 0, painted: [] }
  let count = 0
  let deeds = 0 // whatever happened: when it stands still, nothing goes on

  const arm = (interval) => (run, ms = 0, ...args) => {
    timers.set(++count, { run, args, at: self.now + Math.max(+ms, 1), every: interval && Math.max(+ms, 1) })
    return count
  }
  globalThis.setTimeout = arm(false)
  globalThis.setInterval = arm(true)
  globalThis.clearTimeout = globalThis.clearInterval = (id) => timers.delete(id)
  performance.now = () => self.now
  Date.now = () => Math.max(clock(), started + self.now) // of one time with the other tab, or ahead of it

  const next = () => [...timers].sort(([, a], [, b]) => a.at - b.at)[0]

  /** Fire what is due first. */
  const fire = ([id, { run, args, every }]) => {
    deeds++
    if (every) timers.get(id).at = self.now + every
    else timers.delete(id)
    run(...args)
  }

  /** A page has an answer: it stands among what is painted, for what comes then has to know of it. */
  const read = (id) => self.painted.push([null, id, self.now])

  const note = (id) => (deeds++, under.add(id), id)
  const end = (id) => (deeds++, under.delete(id))

  // A name on each request, so that those the machine holds can be told from others.
  const name = () => `${self.document} ${++count}`
  globalThis.fetch = async (url, init = {}) => {
    const id = note(name())
    const headers = new Headers(init.headers)
    headers.set("X-Machine", id)
    try {
      const response = await fetched(url, { ...init, headers })
      read(id)
      return response
    } finally {
      end(id)
    }
  }
  const { text, json } = Response.prototype
  for (const [key, whole] of Object.entries({ text, json })) {
    Response.prototype[key] = function () {
      const id = note(name())
      return whole.call(this).finally(() => end(id))
    }
  }
  const { send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.send = function (body) {
    const id = note(name())
    this.setRequestHeader("X-Machine", id)
    this.addEventListener("readystatechange", () => this.readyState === 4 && this.status && read(id))
    this.addEventListener("loadend", () => end(id))
    return send.call(this, body)
  }
  // What was posted before a ping has arrived where the ping has.
  const channels = []
  const Channel = globalThis.BroadcastChannel
  globalThis.BroadcastChannel = class extends Channel {
    constructor(name) {
      super(name)
      channels.push(this)
      this.addEventListener("message", (event) => {
        if (!event.data.ping) return deeds++
        self.heard = event.data.ping
        event.stopImmediatePropagation()
      })
    }
  }

  globalThis.navigation?.addEventListener("navigate", ({ destination }) => (self.leaving ||= !destination.sameDocument))
  addEventListener("pageshow", ({ persisted }) => persisted && ((self.leaving = false), self.restored++))

  const valueOf = ({ id, dataset, ariaBusy, textContent }) => ({
    id, value: textContent, busy: ariaBusy, stale: dataset.mizanStale, updated: dataset.mizanUpdated,
  })
  const whose = () => document.querySelector("#who")?.textContent
  const places = () => [...document.querySelectorAll(".place")].map(valueOf)

  const shown = {}
  const paint = () => {
    for (const { id, value } of places()) {
      if (value && shown[id] !== value) self.painted.push([id, (shown[id] = value), self.now, whose()])
    }
  }
  new MutationObserver(paint).observe(document, { subtree: true, childList: true, characterData: true })

  /** One task; a real timer would be put off for 4 ms. */
  const turn = () =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => (port1.close(), done())
      port2.postMessage(0)
    })

  /** Let go on what can go on: microtasks, messages, what is read. */
  const turns = async () => {
    for (let quiet = 0, before; quiet < 6; quiet = deeds === before ? quiet + 1 : 0) {
      before = deeds
      await turn()
    }
  }

  /** Go on until only the held requests are under way, letting no more time pass than until then. */
  self.settle = async (held, ms, until, ping) => {
    until ??= self.now + ms
    const isHeld = (id) => held.includes(id)
    await turns()
    while ([...under].every(isHeld) && next() && next()[1].at <= until) {
      self.now = Math.max(self.now, next()[1].at)
      fire(next())
      await turns()
    }
    paint()
    const rests = self.ready && !self.leaving && [...under].every(isHeld)
    if (ping && rests) for (const channel of channels) channel.postMessage({ ping })
    const { document: id, now, heard, restored, leaving, ready } = self
    const who = whose()
    const notes = [...document.querySelectorAll("[name=note]")].map(({ value }) => value)
    const theirs = [...document.body.outerHTML.matchAll(/\b(alice|bob) \d/g)].map(([, name]) => name)
    const others = theirs.filter((name) => name !== who)
    return {
      id, now, until, deeds, heard, restored, leaving, ready, who, notes, others,
      under: [...under], places: places(), painted: self.painted.splice(0),
    }
  }

  /** The machine slept: nothing ran meanwhile, and what was due runs once. */
  self.sleep = (ms) => (self.now += ms)

  return self
})()
