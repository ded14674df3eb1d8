/** What a session's requests were recorded against: the providers and resources in force then and there. */
import { Effect } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { payloadOf } from "../../events/Envelope.ts"
import type { EventHub } from "../../events/EventHub.ts"
import type { EventLogUnavailable } from "../../events/EventLog.ts"
import * as ProviderEvents from "../../events/ProviderEvents.ts"
import { readAll } from "../../events/ReadAll.ts"
import type { Registration as FileRegistration } from "../../events/SessionEvents.ts"
import { Imported } from "../../events/SessionEvents.ts"
import type { Registration } from "../ProviderProjection.ts"
import { fold } from "../ProviderProjection.ts"
import { allKinds } from "../ResourceKinds.ts"
import { canonical } from "./JsonDifference.ts"
import type { RecordedRequest } from "./RecordedRequests.ts"

/** Registrations in order; each is in force from its position on. */
export interface RecordedContext {
  readonly registrations: ReadonlyArray<RecordedEvent>
  /** True where they came with the session's file: nothing of this machine is meant. */
  readonly imported: boolean
}

/** Requests that ran one after the other on the same providers. */
export interface Segment {
  readonly context: RecordedContext
  readonly providers: ReadonlyArray<Registration>
  readonly requests: ReadonlyArray<RecordedRequest>
}

/** Every registration of this server, in order. */
export const registrations = Effect.fn("RecordedContext.registrations")(function*(
  log: Pick<EventHub["Service"], "read">
): Effect.fn.Return<ReadonlyArray<RecordedEvent>, EventLogUnavailable> {
  const providers = yield* readAll(log, { stream: ProviderEvents.stream, types: ProviderEvents.registrationTypes })
  const resources = yield* Effect.forEach(yield* allKinds, ({ stream }) => readAll(log, { stream }))
  return [...providers, ...resources.flat()].sort((one, other) => one.position - other.position)
})

type Understood = (registration: FileRegistration) => boolean

/** The registrations of a file, each between the event it came behind and the next. */
const toContext = (
  imported: RecordedEvent,
  positions: ReadonlyMap<string, number>,
  understood: Understood
): RecordedContext | undefined => {
  const { registrations } = payloadOf(imported) as unknown as typeof Imported.payload.Type
  if (registrations === null) return undefined
  return {
    imported: true,
    registrations: registrations.filter(understood).map(({ after_event_id, payload, type }) => ({
      ...imported,
      position: after_event_id === null ? 0 : (positions.get(after_event_id) ?? 0) + 0.5,
      type,
      payload: JSON.stringify(payload)
    }))
  }
}

/**
 * Finds the context of an event of a session. What an import brought stands before its `session:import`; everything else
 * ran here, against `registrations`. What of an import is not `understood` is left out.
 */
export const finder = (
  session: ReadonlyArray<RecordedEvent>,
  registrations: ReadonlyArray<RecordedEvent>,
  understood: Understood = () => true
): (event: RecordedEvent) => RecordedContext => {
  const here: RecordedContext = { registrations, imported: false }
  const positions = new Map(session.map(({ id, position }) => [id, position]))
  const imports = session.filter(({ type }) => type === Imported.type)
    .map((event) => ({ position: event.position, context: toContext(event, positions, understood) ?? here }))
  return (event) => imports.find(({ position }) => position > event.position)?.context ?? here
}

/** The registrations in force at a position. */
export const inForce = ({ registrations }: RecordedContext, position: number): ReadonlyArray<RecordedEvent> =>
  registrations.filter((event) => event.position <= position)

/** The providers in force at a position, by API and id. */
export const providersAt = (context: RecordedContext, position: number): ReadonlyArray<Registration> => {
  const events = inForce(context, position).filter(({ type }) =>
    ProviderEvents.registrationTypes.some((each) => each === type)
  )
  return [...fold(events).values()]
}

/** In the order of the requests. */
export const segments = (
  requests: ReadonlyArray<RecordedRequest>,
  contextOf: (event: RecordedEvent) => RecordedContext
): ReadonlyArray<Segment> => {
  const segments: Array<Segment & { readonly key: string; readonly requests: Array<RecordedRequest> }> = []
  for (const request of requests) {
    const last = request.events.at(-1)!
    const context = contextOf(last)
    const providers = providersAt(context, last.position)
    const key = canonical(providers)
    const current = segments.at(-1)
    if (current?.context === context && current.key === key) current.requests.push(request)
    else segments.push({ context, providers, key, requests: [request] })
  }
  return segments
}
