/** A stream that is written in this process, and what of it must be searched for secrets: what its frames repeat, once. */
export class WrittenStream {
  readonly #pieces: Array<string> = []
  #length = 0
  #news = ""

  /** Adds text that goes out. `news`: what it says that all before it did not, as it stands in it; default all of it. */
  add(text: string, news: string = text): void {
    this.#pieces.push(text)
    this.#length += text.length
    this.#news += news
  }

  /** What is to be searched in place of a text; undefined: that is not what was written here. */
  newsOf(text: string): string | undefined {
    if (text.length !== this.#length) return undefined
    let end = 0
    // `startsWith` compares one character after the other, slices are compared at once.
    for (const piece of this.#pieces) if (text.slice(end, end += piece.length) !== piece) return undefined
    return this.#news
  }
}
