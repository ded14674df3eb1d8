/** The first field in which an event of the log differs from its row. */
import type { EventDraft, RecordedEvent } from "../../../src/events/types/Envelope.ts"

export interface Difference {
  /** Which request of the run, and its id. */
  readonly request: string
  readonly type: string
  /** `time`, `payload.frames.3.1`. */
  readonly path: string
  readonly expected: unknown
  readonly found: unknown
}

export type Found = Pick<Difference, "path" | "expected" | "found">

const fields = [
  "stream",
  "id",
  "type",
  "level",
  "schemaVersion",
  "time",
  "tenant",
  "sessionId",
  "parentSessionId",
  "requestId",
  "attempt",
  "causationId",
  "provider",
  "principal"
] as const

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const within = (path: string, expected: unknown, found: unknown): Found | undefined => {
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return Object.is(expected, found) ? undefined : { path, expected, found }
  }
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const inner = within(`${path}.${name}`, expected[name], found[name])
    if (inner !== undefined) return inner
  }
  return undefined
}

/** Texts of payloads are held against each other byte by byte; where they differ, the field is looked for. */
export const between = (row: EventDraft & { readonly stream: string }, event: RecordedEvent): Found | undefined => {
  for (const field of fields) {
    if (row[field] !== event[field]) return { path: field, expected: row[field], found: event[field] }
  }
  if (event.prunedAt !== undefined) return { path: "prunedAt", expected: undefined, found: event.prunedAt }
  if (row.payload === event.payload) return undefined
  return within("payload", JSON.parse(row.payload), JSON.parse(event.payload)) ??
    { path: "payload, as it is written", expected: row.payload, found: event.payload }
}
