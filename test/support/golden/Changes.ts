/** What a run has to find: one field of one event is not what it was. */
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"

/** The last letter or digit of the payload, of a name or a value, is another. */
const changed = (payload: string): string => {
  const at = payload.search(/\w\W*$/)
  return `${payload.slice(0, at)}${payload[at] === "0" ? "1" : "0"}${payload.slice(at + 1)}`
}

/** The payload of the nth event that is read. */
export const nth = (n: number) => {
  let read = 0
  return (event: RecordedEvent): RecordedEvent => ++read === n ? { ...event, payload: changed(event.payload) } : event
}
