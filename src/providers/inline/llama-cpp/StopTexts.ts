/** Ends an answer before the first of some texts, however it comes: llama.cpp finds no text that begins with a space. */
export class StopTexts {
  readonly #stops: ReadonlyArray<string>
  /** Characters of the longest, but for its last. */
  readonly #longest: number
  /** What may be the beginning of one. */
  #held = ""
  #isReached = false

  constructor(stops: ReadonlyArray<string>) {
    this.#stops = stops.filter((stop) => stop !== "")
    this.#longest = this.#stops.reduce((longest, { length }) => Math.max(longest, length - 1), 0)
  }

  get isReached(): boolean {
    return this.#isReached
  }

  /** What of the text so far is surely none of them. */
  feed(text: string): string {
    if (this.#isReached || this.#stops.length === 0) return this.#isReached ? "" : text
    const all = this.#held + text
    const at = this.#firstIn(all)
    if (at !== Infinity) {
      this.#isReached = true
      this.#held = ""
      return all.slice(0, at)
    }
    const held = this.#longestBeginningAtEnd(all)
    this.#held = all.slice(all.length - held)
    return all.slice(0, all.length - held)
  }

  #firstIn(text: string): number {
    let first = Infinity
    for (const stop of this.#stops) {
      const at = text.indexOf(stop)
      if (at !== -1 && at < first) first = at
    }
    return first
  }

  #longestBeginningAtEnd(text: string): number {
    for (let length = Math.min(this.#longest, text.length); length > 0; length--) {
      const end = text.slice(text.length - length)
      if (this.#stops.some((stop) => stop.startsWith(end))) return length
    }
    return 0
  }

  /** What was held back, when nothing follows. */
  end(): string {
    const held = this.#held
    this.#held = ""
    return held
  }
}
