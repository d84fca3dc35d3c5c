// Not a test: the script watches for as long as its page is there, which is no reason for Node to go on.

const { setInterval, BroadcastChannel } = globalThis

globalThis.setInterval = (...args) => setInterval(...args).unref()
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name)
    this.unref()
  }
}
