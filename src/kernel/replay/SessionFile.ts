/** A session as one portable file: a header line, then an event a line. */
import { DateTime, Effect, Schema } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { Envelope, toJsonText } from "../../events/Envelope.ts"

export const Header = Schema.Struct({
  format: Schema.Literal("strata.session"),
  version: Schema.Literal(1),
  description: Schema.String
})
export type Header = typeof Header.Type

/** The file is not a session, or not whole. */
export class SessionFileInvalid extends Schema.TaggedError<SessionFileInvalid>()("SessionFileInvalid", {
  line: Schema.Int,
  detail: Schema.String
}) {
  override get message(): string {
    return `Line ${this.line} of the session file is not understood: ${this.detail}`
  }
}

const decodeHeader = Schema.decodeUnknownEffect(Schema.fromJsonString(Header))
const decodeEvent = Schema.decodeUnknownEffect(Schema.fromJsonString(Envelope))

const milliseconds = (time: string): number => DateTime.toEpochMillis(DateTime.makeUnsafe(time))

const toRecorded = ({ payload, prunedAt, time, ...rest }: Envelope): RecordedEvent => ({
  ...rest,
  time: milliseconds(time),
  payload: JSON.stringify(payload),
  ...(prunedAt === undefined ? {} : { prunedAt: milliseconds(prunedAt) })
})

export const parse = Effect.fn("SessionFile.parse")(function*(text: string) {
  const [first = { line: "", number: 1 }, ...events] = text.split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "")
  const at = (line: number) =>
    Effect.mapError((error: Schema.SchemaError) => new SessionFileInvalid({ line, detail: error.message }))
  yield* decodeHeader(first.line).pipe(at(first.number))
  return yield* Effect.forEach(events, ({ line, number }) => decodeEvent(line).pipe(at(number), Effect.map(toRecorded)))
})

export const format = (description: string, events: ReadonlyArray<RecordedEvent>): string => {
  const header: Header = { format: "strata.session", version: 1, description }
  return [JSON.stringify(header), ...events.map(toJsonText)].map((line) => `${line}\n`).join("")
}
