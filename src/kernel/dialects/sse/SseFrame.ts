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

/** A frame of one line of data, with or without a name before it: as nearly all are. */
const plain = /^(?:event: ?([^\r\n]*)(?:\r\n|\n|\r))?data: ?([^\r\n]*)[\r\n]*$/

/** What a frame's text dispatches; undefined where that is nothing, such as a comment. */
const eventIn = (frame: string): SseEvent | undefined => {
  const match = plain.exec(frame)
  if (match === null) return eventsOf(frame)[0]
  const [, name, data] = match
  return { event: name === undefined || name === "" ? "message" : name, id: undefined, data: data! }
}

/** The data of a frame's text; undefined for one without, such as a comment. */
export const dataOf = (frame: string): string | undefined => eventIn(frame)?.data

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
    if (this.#event === undefined) this.#event = eventIn(this.text) ?? null
    return this.#event ?? undefined
  }

  get data(): string | undefined {
    return this.#event === undefined ? dataOf(this.text) : this.#event?.data
  }
}
