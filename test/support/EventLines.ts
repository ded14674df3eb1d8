/** `GET /v1/events` as its readers see it: NDJSON lines, or server-sent events. */
import type { Effect } from "effect"
import type { Envelope } from "../../src/events/types/Envelope.ts"
import type { HttpAnswer } from "./Http.ts"
import { Http } from "./Http.ts"

export interface SentEvent {
  readonly id: string
  readonly event: string
  readonly data: Envelope
}

/** The whole lines of NDJSON. */
const ofNdjson = (text: string): ReadonlyArray<Envelope> =>
  text.split("\n").slice(0, -1).map((line) => JSON.parse(line))

const field = (frame: string, name: string): string =>
  frame.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ""

/** The whole frames of an event stream; comments are left out. */
const ofSse = (text: string): ReadonlyArray<SentEvent> =>
  text.split("\n\n").slice(0, -1).filter((frame) => !frame.startsWith(":")).map((frame) => ({
    id: field(frame, "id"),
    event: field(frame, "event"),
    data: JSON.parse(field(frame, "data"))
  }))

const read = (url: string, query = "", headers: Readonly<Record<string, string>> = {}): Effect.Effect<HttpAnswer> =>
  Http.send(url, `/v1/events${query}`, { headers })

export const EventLines = { ofNdjson, ofSse, read }
