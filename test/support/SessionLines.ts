/** Session files as Strata 0.1 wrote them: a header of version 1, then an event a line. */
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { toJsonText } from "../../src/events/types/Envelope.ts"

export const header = `{"format":"strata.session","version":1,"description":"d"}`

const text = (events: ReadonlyArray<RecordedEvent>): string =>
  [header, ...events.map(toJsonText)].map((line) => `${line}\n`).join("")

export const SessionLines = { text }
