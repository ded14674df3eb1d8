/** Events as they stand in an answer's body: server-sent events, or NDJSON. */
import type { LiveEvent, RecordedEvent } from "../../events/types/Envelope.ts"
import { toJsonText } from "../../events/types/Envelope.ts"

/** JSON text has no line breaks of its own: the data is always one line. */
export const toSse = (event: RecordedEvent | LiveEvent): string =>
  `${idOf(event)}event: ${event.type}\ndata: ${toJsonText(event)}\n\n`

/** A live event is nowhere to resume at: it has none. */
const idOf = ({ position }: RecordedEvent | LiveEvent): string => position === null ? "" : `id: ${position}\n`

export const toNdjson = (event: RecordedEvent | LiveEvent): string => `${toJsonText(event)}\n`

/** True where a client takes server-sent events; NDJSON is what it gets else. */
export const takesSse = (accept: string | undefined): boolean => accept?.includes("text/event-stream") ?? false
