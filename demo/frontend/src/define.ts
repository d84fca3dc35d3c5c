/** Of whom an island tells: what the page wrote on its element. */
export interface Place {
  board: number
  user: number
}

/**
 * An island is an element of its own, so that it comes and goes with its place in the page,
 * whoever puts it there or takes it away: Django, htmx, another island.
 *
 * @param mount starts it in an empty element, and returns what ends it.
 */
export function define(name: string, mount: (element: HTMLElement, place: Place) => () => void) {
  class Island extends HTMLElement {
    #end: (() => void) | undefined

    connectedCallback() {
      const { board, user } = this.dataset
      this.replaceChildren()
      this.#end = mount(this, { board: Number(board), user: Number(user) })
    }

    disconnectedCallback() {
      this.#end?.()
    }
  }
  customElements.define(name, Island)
}
