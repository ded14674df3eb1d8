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

const dataField = "data: "
const nameField = "event: "

/** A frame of one line of data, with or without a name before it: as nearly all are. */
const plain = /^(?:event: ?([^\r\n]*)(?:\r\n|\n|\r))?data: ?([^\r\n]*)[\r\n]*$/

/** Where the data of a frame begins, whose first line it is, or the one behind a name; -1: it may be no such frame. */
const dataAt = (frame: string): number => {
  if (frame.startsWith(dataField)) return dataField.length
  const start = frame.startsWith(nameField) ? frame.indexOf("\n") + 1 : 0
  return start > 0 && frame.startsWith(dataField, start) ? start + dataField.length : -1
}

/** The data of a frame that is written as nearly all are: a name or none, one line of data, an empty line. */
const usualData = (frame: string): string | undefined => {
  const start = dataAt(frame)
  const end = frame.length - 2
  return start !== -1 && start <= end && frame.indexOf("\n", start) === end && frame.endsWith("\n") &&
      !frame.includes("\r")
    ? frame.slice(start, end)
    : undefined
}

/** What a frame's text dispatches; undefined where that is nothing, such as a comment. */
const eventIn = (frame: string): SseEvent | undefined => {
  const match = plain.exec(frame)
  if (match === null) return eventsOf(frame)[0]
  const [, name, data] = match
  return { event: name === undefined || name === "" ? "message" : name, id: undefined, data: data! }
}

/** The data of a frame's text; undefined for one without, such as a comment. */
export const dataOf = (frame: string): string | undefined => usualData(frame) ?? eventIn(frame)?.data

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
