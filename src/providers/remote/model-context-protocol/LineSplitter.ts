/** Cuts bytes into lines, none of them longer than allowed. */
export interface Lines {
  readonly line: (line: string) => void
  /** Called once for each line that is too long. */
  readonly tooLong: () => void
}

const newline = 0x0a

export class LineSplitter {
  readonly #longest: number
  readonly #lines: Lines
  readonly #whenLong: "drop" | "cut"
  #parts: Array<Buffer> = []
  #length = 0
  #skipping = false

  /** `whenLong`: what becomes of a longer line: nothing, or as much of it as is allowed. */
  constructor(longest: number, lines: Lines, whenLong: "drop" | "cut" = "drop") {
    this.#longest = longest
    this.#lines = lines
    this.#whenLong = whenLong
  }

  add(chunk: Buffer): void {
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      this.#push(chunk.subarray(from, at))
      this.#finish()
      from = at + 1
    }
    if (from < chunk.length) this.#push(chunk.subarray(from))
  }

  #push(part: Buffer): void {
    if (this.#skipping) return
    const free = this.#longest - this.#length
    if (part.length > free) {
      if (this.#whenLong === "cut") this.#parts.push(part.subarray(0, free))
      else this.#parts = []
      this.#skipping = true
      this.#lines.tooLong()
      return
    }
    this.#parts.push(part)
    this.#length += part.length
  }

  #finish(): void {
    const emits = !this.#skipping || this.#whenLong === "cut"
    const line = emits ? Buffer.concat(this.#parts).toString("utf8").replace(/\r$/, "") : ""
    this.#parts = []
    this.#length = 0
    this.#skipping = false
    if (emits) this.#lines.line(line)
  }
}
