/** Events one by one, of what is appended to a stream. */
import { addAll } from "../types/AddAll.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Appendable } from "./Fact.ts"
import * as Fact from "./Fact.ts"
import type { Place } from "./FactEvents.ts"
import * as FactEvents from "./FactEvents.ts"

/** Behind each other from a place on; `types`: only these. */
export const expand = (
  appended: ReadonlyArray<Appendable>,
  { position, stream, version }: Place,
  types: FactEvents.Types = FactEvents.allTypes
): Array<RecordedEvent> => {
  const events: Array<RecordedEvent> = []
  let count = 0
  for (const each of appended) {
    const place = { stream, version: version + count, position: position + count }
    count += Fact.countOf(each)
    if (Fact.isFact(each)) {
      addAll(events, FactEvents.derive(each, place, undefined, types))
      continue
    }
    if (types.has(each.type)) events.push({ ...each, ...place })
  }
  return events
}
