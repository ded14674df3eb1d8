/** A stream that is written in this process, and what of it must be searched for secrets: what its frames repeat, once. */
export class WrittenStream {
  #text = ""
  #news = ""

  /** Adds text that goes out. `news`: what it says that all before it did not, as it stands in it; default all of it. */
  add(text: string, news: string = text): void {
    this.#text += text
    this.#news += news
  }

  /** What is to be searched in place of a text; undefined: that is not what was written here. */
  newsOf(text: string): string | undefined {
    return text === this.#text ? this.#news : undefined
  }
}
