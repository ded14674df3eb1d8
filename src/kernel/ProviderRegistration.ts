/** Says in the log which provider instances run: the record a session is replayed against. */
import { Effect, Schema } from "effect"
import * as Draft from "../events/Draft.ts"
import type { RecordedEvent } from "../events/Envelope.ts"
import { payloadOf } from "../events/Envelope.ts"
import { EventHub } from "../events/EventHub.ts"
import * as ProviderEvents from "../events/ProviderEvents.ts"
import { readAll } from "../events/ReadAll.ts"
import * as Redaction from "../events/Redaction.ts"
import type { SkippedProvider } from "./config/SkippedProviders.ts"
import { canonical } from "./replay/JsonDifference.ts"
import type { PlannedProvider } from "./StackPlan.ts"

export type Registration = typeof ProviderEvents.Registered.payload.Type

const decodeRegistered = Schema.decodeUnknownSync(ProviderEvents.Registered.payload)
const decodeUnregistered = Schema.decodeUnknownSync(ProviderEvents.Unregistered.payload)

/** A configuration as it may be shown and stored. */
export const shownConfig = ({ written }: Pick<PlannedProvider, "written">): Schema.Json =>
  Redaction.json(written) as Schema.Json

const key = ({ api, provider_id }: { readonly api: string; readonly provider_id: string }) => `${api}/${provider_id}`

/** The registrations in force after these events. */
export const fold = (events: ReadonlyArray<RecordedEvent>): ReadonlyMap<string, Registration> => {
  const registrations = new Map<string, Registration>()
  for (const event of events) {
    if (event.type === ProviderEvents.Registered.type) {
      const registration = decodeRegistered(payloadOf(event))
      registrations.set(key(registration), registration)
    } else if (event.type === ProviderEvents.Unregistered.type) {
      registrations.delete(key(decodeUnregistered(payloadOf(event))))
    }
  }
  return registrations
}

const toRegistration = (planned: PlannedProvider): Registration => ({
  api: planned.api,
  provider_id: planned.provider_id,
  provider_type: planned.provider_type,
  config: shownConfig(planned)
})

/** Appends what has changed since the last start, and what was left out this time. */
export const register = Effect.fn("ProviderRegistration.register")(function*(
  planned: ReadonlyArray<PlannedProvider>,
  skipped: ReadonlyArray<SkippedProvider>
) {
  const hub = yield* EventHub
  const known = fold(yield* readAll(hub, { types: ProviderEvents.registrationTypes }))
  const wanted = new Map(planned.map((each) => [key(each), toRegistration(each)]))
  const changed = [...wanted].filter(([id, each]) => canonical(known.get(id)) !== canonical(each))
  const gone = [...known].filter(([id]) => !wanted.has(id))
  const drafts = yield* Effect.all([
    ...changed.map(([, each]) => Draft.make(ProviderEvents.Registered, each, { provider: each.provider_id })),
    ...gone.map(([, { api, provider_id }]) =>
      Draft.make(ProviderEvents.Unregistered, { api, provider_id }, { provider: provider_id })
    ),
    ...skipped.map((each) => Draft.make(ProviderEvents.Skipped, { ...each }))
  ])
  if (drafts.length > 0) yield* hub.append(ProviderEvents.stream, "any", drafts)
})
