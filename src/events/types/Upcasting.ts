/**
 * Upcasting: events of old versions are lifted to the current one as they are read, never in the log.
 *
 * What is not lifted comes back untouched, with the `schemaVersion` it was stored with: events of a type this Strata
 * does not know, events a newer Strata wrote, and events whose payload was pruned. Readers that pass events on (streams,
 * exports) need do nothing. Who decodes skips the unknown type, and lets the newer version fail in its Schema: state
 * must not be folded from events that are only half understood.
 */
import { Context, Schema } from "effect"
import type { RecordedEvent } from "./Envelope.ts"
import { payloadOf } from "./Envelope.ts"
import type { Definition } from "./Event.ts"

export type Lift = (event: RecordedEvent) => RecordedEvent

/** An upcaster failed: a defect, to be mended in the event's definition. */
export class UpcasterDefect extends Schema.TaggedError<UpcasterDefect>()("UpcasterDefect", {
  type: Schema.String,
  version: Schema.Int,
  position: Schema.Int,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `${this.type} at position ${this.position} can't be lifted: the upcaster from version ${this.version} to ` +
      `${this.version + 1} failed: ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

const upcast = ({ type, upcasters, version }: Definition, event: RecordedEvent): RecordedEvent => {
  let payload = payloadOf(event)
  let from = event.schemaVersion
  try {
    for (; from < version; from++) payload = upcasters[from]!(payload)
  } catch (cause) {
    throw new UpcasterDefect({ type, version: from, position: event.position, cause })
  }
  return { ...event, schemaVersion: version, payload: JSON.stringify(payload) }
}

/** Lifts the events of these definitions. An event of the current version costs one look into a Map. */
export const make = (definitions: Iterable<Definition>): Lift => {
  const evolved = new Map<string, Definition>()
  for (const definition of definitions) if (definition.version > 1) evolved.set(definition.type, definition)
  return (event) => {
    const definition = evolved.get(event.type)
    if (definition === undefined || event.schemaVersion >= definition.version) return event
    return event.prunedAt === undefined ? upcast(definition, event) : event
  }
}

/** How readers of the log lift what they read; default: not at all. */
export const EventUpcasting = Context.Reference<Lift>("strata/events/types/Upcasting/EventUpcasting", {
  defaultValue: () => (event) => event
})
