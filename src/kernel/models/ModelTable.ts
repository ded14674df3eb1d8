/** The routing table of models: the fold of the registry's events. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { payloadOf } from "../../events/Envelope.ts"
import * as ModelEvents from "../../events/ModelEvents.ts"

export type Entry = typeof ModelEvents.Registered.payload.Type
export type ModelTable = ReadonlyMap<string, Entry>

const decodeRegistered = Schema.decodeUnknownSync(ModelEvents.Registered.payload)
const decodeUnregistered = Schema.decodeUnknownSync(ModelEvents.Unregistered.payload)

export const empty: ModelTable = new Map()

/** The model an event is about. */
export const keyOf = (event: RecordedEvent): string => decodeUnregistered(payloadOf(event)).model_id

/** What an event says of its model: how it is served, or undefined when it is gone. */
export const registrationOf = (event: RecordedEvent): Entry | undefined =>
  event.type === ModelEvents.Registered.type ? decodeRegistered(payloadOf(event)) : undefined

/** The table after an event. */
export const evolve = (table: ModelTable, event: RecordedEvent): ModelTable => {
  const next = new Map(table)
  const entry = registrationOf(event)
  if (entry !== undefined) next.set(entry.model_id, entry)
  else if (event.type === ModelEvents.Unregistered.type) next.delete(keyOf(event))
  return next
}

const equal = (one: Entry, other: Entry): boolean =>
  one.provider_model_id === other.provider_model_id && one.source === other.source &&
  one.created === other.created && one.owned_by === other.owned_by

export interface Changes {
  readonly registered: ReadonlyArray<Entry>
  readonly unregistered: ReadonlyArray<string>
}

/** What must happen so that `provider` serves exactly `entries`. */
export const difference = (table: ModelTable, provider: string, entries: ReadonlyArray<Entry>): Changes => {
  const wanted = new Map(entries.map((entry) => [entry.model_id, entry]))
  const registered = [...wanted.values()].filter((entry) => {
    const known = table.get(entry.model_id)
    return known === undefined || !equal(known, entry)
  })
  const unregistered = [...table.values()].filter(({ model_id, provider_id }) =>
    provider_id === provider && !wanted.has(model_id)
  )
  return { registered, unregistered: unregistered.map(({ model_id }) => model_id) }
}
