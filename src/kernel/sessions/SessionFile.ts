/** A session as one portable file: a header line, then an event a line. */
import { DateTime, Effect, Option, Schema, Stream } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { Envelope, toJsonText } from "../../events/types/Envelope.ts"
import * as Tenant from "../../events/types/Tenant.ts"
import * as FirstIssue from "../issues/FirstIssue.ts"
import { Registration } from "./SessionEvents.ts"

const format = Schema.Literal("strata.session")

/** Says nothing of what the session was recorded against. */
const Version1 = Schema.Struct({ format, version: Schema.Literal(1), description: Schema.String })

/** The events begin with those the session inherits, the root's first. */
const Version2 = Schema.Struct({
  format,
  version: Schema.Literal(2),
  description: Schema.String,
  session_id: Schema.String,
  strata_version: Schema.String.annotate({ description: "Of the Strata that wrote the file." }),
  exported_at: Schema.String.annotate({ description: "RFC 3339, UTC." }),
  registrations: Schema.Array(Registration).annotate({
    description: "The models and providers the session was recorded against, secrets redacted: its replay needs them."
  })
})

export const Header = Schema.Union([Version1, Version2])
export type Header = typeof Header.Type

export interface SessionFile {
  readonly header: Header
  readonly events: ReadonlyArray<RecordedEvent>
  /** Of each event: the line it stands in, from 1. */
  readonly lines: ReadonlyArray<number>
}

/** The file is not a session, or not whole. */
export class SessionFileInvalid extends Schema.TaggedError<SessionFileInvalid>()("SessionFileInvalid", {
  line: Schema.Int,
  /** The field concerned; empty: the line as a whole. */
  path: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    const place = this.path === "" ? "" : `${this.path}: `
    return `Line ${this.line} of the session file is not understood: ${place}${this.detail}`
  }
}

const decodeHeader = Schema.decodeUnknownEffect(Schema.fromJsonString(Header))

const milliseconds = (time: string): number => DateTime.toEpochMillis(DateTime.makeUnsafe(time))

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) &&
  Option.exists(DateTime.make(text), (time) => DateTime.formatIso(time) === text)

const expectedTime = "a time as 2026-01-31T12:00:00.000Z: RFC 3339, UTC, milliseconds"
const Time = Schema.String.check(
  Schema.makeFilter((text) => isTime(text) || `Expected ${expectedTime}`, { expected: expectedTime })
)

/** What every log can store. */
const Counter = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))
const Place = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }))

/** An event as a file has it: its envelope means something, whoever wrote it. */
const Line = Schema.Struct({
  ...Envelope.fields,
  position: Place,
  version: Place,
  schemaVersion: Counter,
  time: Time,
  attempt: Schema.NullOr(Counter),
  prunedAt: Schema.optionalKey(Time)
})

const decodeEvent = Schema.decodeUnknownEffect(Schema.fromJsonString(Line))

const toRecorded = ({ payload, prunedAt, tenant, time, ...rest }: Envelope): RecordedEvent => ({
  ...rest,
  tenant: Tenant.ofWire(tenant),
  time: milliseconds(time),
  payload: JSON.stringify(payload),
  ...(prunedAt === undefined ? {} : { prunedAt: milliseconds(prunedAt) })
})

/** Reads line by line: the text of a large file is never there as a whole. */
export const read = Effect.fn("SessionFile.read")(function*<E, R>(lines: Stream.Stream<string, E, R>) {
  let number = 0
  let header: Header | undefined
  const events: Array<RecordedEvent> = []
  const numbers: Array<number> = []
  const invalid = (error: Schema.SchemaError) => {
    const { message, path } = FirstIssue.of(error)
    return new SessionFileInvalid({ line: number, path, detail: message })
  }
  yield* Stream.runForEach(lines, (line) => {
    number++
    if (line.trim() === "") return Effect.void
    return header === undefined
      ? Effect.mapBoth(decodeHeader(line), { onFailure: invalid, onSuccess: (decoded) => void (header = decoded) })
      : Effect.mapBoth(decodeEvent(line), {
        onFailure: invalid,
        onSuccess: (event) => {
          events.push(toRecorded(event))
          numbers.push(number)
        }
      })
  })
  if (header === undefined) return yield* new SessionFileInvalid({ line: 1, path: "", detail: "the file is empty" })
  const file: SessionFile = { header, events, lines: numbers }
  return file
})

export const parse = (text: string) => read(Stream.fromIterable(text.split("\n")))

/** The file line by line, each with its end. */
export const write = <E, R>(header: Header, events: Stream.Stream<RecordedEvent, E, R>): Stream.Stream<string, E, R> =>
  Stream.concat(Stream.succeed(`${JSON.stringify(header)}\n`), Stream.map(events, (event) => `${toJsonText(event)}\n`))
