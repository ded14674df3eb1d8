/** The provider instances that run, as a table. */
import { Schema } from "effect"
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as ProviderEvents from "./ProviderEvents.ts"

export type Registration = typeof ProviderEvents.Registered.payload.Type

const decodeRegistered = Schema.decodeUnknownSync(ProviderEvents.Registered.payload)
const decodeUnregistered = Schema.decodeUnknownSync(ProviderEvents.Unregistered.payload)

/** An instance within the whole: ids are unique in their API. */
export const keyOf = ({ api, provider_id }: { readonly api: string; readonly provider_id: string }): string =>
  `${api}/${provider_id}`

/** What an event says of its instance: how it is configured, or undefined when it is gone. */
const evolve = (_: Registration | undefined, event: RecordedEvent): Registration | undefined =>
  event.type === ProviderEvents.Registered.type ? decodeRegistered(payloadOf(event)) : undefined

const keyOfEvent = (event: RecordedEvent): string => keyOf(decodeUnregistered(payloadOf(event)))

export const ProviderProjection = Projection.make<Registration>({
  name: "providers",
  version: 2,
  description: "The provider instances of the last start, with their configurations, secrets redacted.",
  events: [ProviderEvents.Registered, ProviderEvents.Unregistered],
  streams: (stream) => stream === ProviderEvents.stream,
  document: ProviderEvents.Registered.payload,
  key: keyOfEvent,
  evolve
})

/** The registrations in force after these events. */
export const fold = (events: ReadonlyArray<RecordedEvent>): ReadonlyMap<string, Registration> => {
  const registrations = new Map<string, Registration>()
  for (const event of events) {
    const registration = evolve(undefined, event)
    if (registration === undefined) registrations.delete(keyOfEvent(event))
    else registrations.set(keyOf(registration), registration)
  }
  return registrations
}
