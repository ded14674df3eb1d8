/** Events one by one, of what is appended to a stream. */
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Appendable } from "./Fact.ts"
import * as Fact from "./Fact.ts"
import type { Place } from "./FactEvents.ts"
import * as FactEvents from "./FactEvents.ts"

/** Behind each other from a place on. */
export const expand = (
  appended: ReadonlyArray<Appendable>,
  { position, stream, version }: Place
): Array<RecordedEvent> => {
  const events: Array<RecordedEvent> = []
  for (const each of appended) {
    const place = { stream, version: version + events.length, position: position + events.length }
    if (Fact.isFact(each)) events.push(...FactEvents.derive(each, place))
    else events.push({ ...each, ...place })
  }
  return events
}
