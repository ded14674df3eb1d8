/** What a session's requests were recorded against: the providers and resources in force then and there. */
import { Effect } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { defaultTenant } from "../../events/types/Tenant.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import type { Registration } from "../provider/ProviderProjection.ts"
import { fold } from "../provider/ProviderProjection.ts"
import { CurrentResourceKinds } from "../resources/ResourceKinds.ts"
import type { Registration as FileRegistration } from "./SessionEvents.ts"
import { Imported } from "./SessionEvents.ts"

/** Registrations in order; each is in force from its position on. */
export interface SessionContext {
  readonly registrations: ReadonlyArray<RecordedEvent>
  /** True where they came with the session's file: nothing of this machine is meant. */
  readonly imported: boolean
}

/** Every registration of this server, in order. */
export const registrations = Effect.fn("SessionContext.registrations")(function*(
  log: Pick<EventHub["Service"], "read">
): Effect.fn.Return<ReadonlyArray<RecordedEvent>, EventLogUnavailable> {
  const providers = yield* readAll(log, {
    tenant: defaultTenant,
    stream: ProviderEvents.stream,
    types: ProviderEvents.registrationTypes
  })
  const resources = yield* Effect.forEach(
    (yield* CurrentResourceKinds).all,
    ({ stream }) => readAll(log, { tenant: defaultTenant, stream })
  )
  return [...providers, ...resources.flat()].sort((one, other) => one.position - other.position)
})

type IsReadable = (registration: FileRegistration) => boolean

/** The registrations of a file, each between the event it came behind and the next. */
const toContext = (
  imported: RecordedEvent,
  positions: ReadonlyMap<string, number>,
  isReadable: IsReadable
): SessionContext | undefined => {
  const { registrations } = payloadOf(imported) as unknown as typeof Imported.payload.Type
  if (registrations === null) return undefined
  return {
    imported: true,
    registrations: registrations.filter(isReadable).map(({ after_event_id, payload, type }) => ({
      ...imported,
      position: after_event_id === null ? 0 : (positions.get(after_event_id) ?? 0) + 0.5,
      type,
      payload: JSON.stringify(payload)
    }))
  }
}

/**
 * Finds the context of an event of a session. What an import brought stands before its `session:import`; everything else
 * ran here, against `registrations`. What of an import is not readable is left out.
 */
export const finder = (
  session: ReadonlyArray<RecordedEvent>,
  registrations: ReadonlyArray<RecordedEvent>,
  isReadable: IsReadable = () => true
): (event: RecordedEvent) => SessionContext => {
  const here: SessionContext = { registrations, imported: false }
  const positions = new Map(session.map(({ id, position }) => [id, position]))
  const imports = session.filter(({ type }) => type === Imported.type)
    .map((event) => ({ position: event.position, context: toContext(event, positions, isReadable) ?? here }))
  return (event) => imports.find(({ position }) => position > event.position)?.context ?? here
}

/** The registrations in force at a position. */
export const inForce = ({ registrations }: SessionContext, position: number): ReadonlyArray<RecordedEvent> =>
  registrations.filter((event) => event.position <= position)

/** The providers in force at a position, by API and id. */
export const providersAt = (context: SessionContext, position: number): ReadonlyArray<Registration> => {
  const events = inForce(context, position).filter(({ type }) =>
    ProviderEvents.registrationTypes.some((each) => each === type)
  )
  return [...fold(events).values()]
}
