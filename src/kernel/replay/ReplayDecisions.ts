/** The decisions of a recorded session, by the ids of their events. */
import type { RecordedEvent } from "../../events/types/Envelope.ts"

/** An event's id follows from its request, its call and its place: at this place there is this event, or another. */
export const of = (events: ReadonlyArray<RecordedEvent>): (id: string) => RecordedEvent | undefined => {
  const byId = new Map(events.filter(({ level }) => level === "default").map((event) => [event.id, event]))
  return (id) => byId.get(id)
}
