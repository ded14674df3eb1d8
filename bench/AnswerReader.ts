/** Reads HTTP/1.1 answers off one socket to their end (content-length or chunked), at little cost. */
// @effect-diagnostics *:off

export interface Answer {
  readonly status: number
  /** The server closes the connection after this answer. */
  readonly closing: boolean
  /** The body ends with the mark of a whole answer. */
  readonly complete: boolean
  /** The last bytes of the body. */
  readonly ending: Buffer
}

const empty = Buffer.alloc(0)
const headEnd = Buffer.from("\r\n\r\n")
const carriageReturn = 13
const endingLength = 512

export class AnswerReader {
  readonly #mark: string
  readonly #answered: (answer: Answer) => void
  #pending: Buffer = empty
  #state: "head" | "body" | "size" | "chunk" | "trailer" = "head"
  #status = 0
  #closing = false
  #left = 0
  #ending: Buffer = empty

  constructor(mark: string, answered: (answer: Answer) => void) {
    this.#mark = mark
    this.#answered = answered
  }

  reset(): void {
    this.#pending = empty
    this.#state = "head"
  }

  read(bytes: Buffer): void {
    let data = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    this.#pending = empty
    while (data.length > 0) {
      const used = this.#step(data)
      if (used === 0) {
        this.#pending = data
        return
      }
      data = data.subarray(used)
    }
  }

  /** Consumes one element of the answer; 0 when it has not wholly arrived. */
  #step(data: Buffer): number {
    switch (this.#state) {
      case "head":
        return this.#readHead(data)
      case "body":
        return this.#readBody(data)
      case "size":
        return this.#readChunkSize(data)
      case "chunk":
        return this.#readChunk(data)
      case "trailer":
        return this.#readTrailer(data)
    }
  }

  #readHead(data: Buffer): number {
    const end = data.indexOf(headEnd)
    if (end < 0) return 0
    const head = data.toString("latin1", 0, end).toLowerCase()
    this.#status = Number(head.slice(9, 12))
    if (this.#status >= 100 && this.#status < 200) return end + 4
    this.#closing = head.includes("\r\nconnection: close")
    this.#ending = empty
    if (head.includes("\r\ntransfer-encoding: chunked")) {
      this.#state = "size"
    } else {
      this.#left = Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0)
      this.#state = "body"
      if (this.#left === 0) this.#finish()
    }
    return end + 4
  }

  #readBody(data: Buffer): number {
    const used = Math.min(this.#left, data.length)
    this.#keep(data.subarray(0, used))
    this.#left -= used
    if (this.#left === 0) this.#finish()
    return used
  }

  #readChunkSize(data: Buffer): number {
    const end = data.indexOf("\r\n")
    if (end < 0) return 0
    const size = Number.parseInt(data.toString("latin1", 0, end), 16)
    this.#left = size + 2
    this.#state = size === 0 ? "trailer" : "chunk"
    return end + 2
  }

  /** The chunk's bytes and the line end behind them. */
  #readChunk(data: Buffer): number {
    const used = Math.min(this.#left, data.length)
    if (this.#left > 2) this.#keep(data.subarray(0, Math.min(used, this.#left - 2)))
    this.#left -= used
    if (this.#left === 0) this.#state = "size"
    return used
  }

  #readTrailer(data: Buffer): number {
    if (data.length < 2) return 0
    if (data[0] === carriageReturn) {
      this.#finish()
      return 2
    }
    const end = data.indexOf("\r\n")
    return end < 0 ? 0 : end + 2
  }

  #keep(bytes: Buffer): void {
    this.#ending = this.#ending.length === 0 ? bytes : Buffer.concat([this.#ending.subarray(-endingLength), bytes])
  }

  #finish(): void {
    this.#state = "head"
    const ending = this.#ending
    this.#answered({ status: this.#status, closing: this.#closing, complete: ending.includes(this.#mark), ending })
  }
}
