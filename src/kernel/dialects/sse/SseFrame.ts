/** One frame of server-sent events: its bytes as they came, and what they say, read when it is asked for. */
import * as Sse from "effect/encoding/Sse"
import { bufferOf } from "../../bytes/WholeBody.ts"

/** What a frame dispatches. */
export interface SseEvent {
  /** The name; `message` where the frame gives none. */
  readonly event: string
  readonly id: string | undefined
  readonly data: string
}

/** Ends the last line and the frame, whatever they end in. */
const end = "\n\n"

/** The events of a whole text, in order; the last one whether or not it has its empty line. */
export const eventsOf = (text: string): ReadonlyArray<SseEvent> => {
  const events: Array<SseEvent> = []
  const parser = Sse.makeParser((event) => {
    if (event._tag === "Event") events.push({ event: event.event, id: event.id, data: event.data })
  }, { maxEventSize: Number.POSITIVE_INFINITY })
  parser.feed(text)
  parser.feed(end)
  return events
}

const lineEnd = /[\r\n]/g
const nothingElse = /^[\r\n]*$/

/** The data of a frame's text; undefined for one without, such as a comment. */
export const dataOf = (frame: string): string | undefined => {
  if (frame.startsWith("data:")) {
    lineEnd.lastIndex = 5
    const end = lineEnd.exec(frame)?.index ?? frame.length
    // Nothing else than one line of it, as nearly all have.
    if (nothingElse.test(frame.slice(end))) return frame.slice(frame.charCodeAt(5) === 0x20 ? 6 : 5, end)
  }
  return eventsOf(frame)[0]?.data
}

export class SseFrame {
  /** Untouched, with all that ends it. */
  readonly bytes: Uint8Array
  #event: SseEvent | null | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get text(): string {
    return bufferOf(this.bytes).toString("utf8")
  }

  /** Undefined where it dispatches nothing: a comment, or a time to retry. */
  get event(): SseEvent | undefined {
    if (this.#event === undefined) this.#event = eventsOf(this.text)[0] ?? null
    return this.#event ?? undefined
  }

  get data(): string | undefined {
    return this.#event === undefined ? dataOf(this.text) : this.#event?.data
  }
}
