/** Several answers at once, one below the other: the first is printed as it comes, the others wait until it is whole. */

export class ChatLanes {
  readonly #print: (text: string) => void
  readonly #waiting: Array<string>
  readonly #closed: Array<boolean>
  #current = 0

  constructor(count: number, print: (text: string) => void) {
    this.#print = print
    this.#waiting = Array.from({ length: count }, () => "")
    this.#closed = Array.from({ length: count }, () => false)
  }

  write(lane: number, text: string): void {
    if (lane === this.#current) this.#print(text)
    else this.#waiting[lane] += text
  }

  /** It is whole: the next comes out. */
  close(lane: number): void {
    this.#closed[lane] = true
    while (this.#closed[this.#current] === true) {
      this.#current++
      const waiting = this.#waiting[this.#current]
      if (waiting !== undefined && waiting !== "") this.#print(waiting)
    }
  }
}
