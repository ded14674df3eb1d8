/** Events as a log holds them, for folds and comparisons: positions in order, payloads as values. */
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import type { Definition } from "../../src/events/types/Event.ts"
import { draft } from "./EventDrafts.ts"

export interface Given extends Omit<Partial<RecordedEvent>, "payload"> {
  readonly payload?: unknown
}

/** One event; its type and level are the definition's. */
export const recorded = (definition: Definition, { payload = {}, ...given }: Given = {}): RecordedEvent => ({
  ...draft({ type: definition.type, level: definition.level, schemaVersion: definition.version }),
  position: 1,
  stream: "test",
  version: 1,
  ...given,
  payload: JSON.stringify(payload)
})

/** The same events at the positions 1, 2, 3 … */
export const inOrder = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<RecordedEvent> =>
  events.map((event, index) => Object.assign({}, event, { position: index + 1, version: index + 1 }))
