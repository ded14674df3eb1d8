/** The event log for those who watch; followers end when the server stops. */
import { Deferred, Effect, Layer, Option, Stream, SubscriptionRef } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/projections/ProjectionTables.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import type { AccessResource } from "../../kernel/access/AccessResource.ts"
import { qualifiedId } from "../../kernel/access/AccessResource.ts"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import * as EventDefinitions from "../../kernel/contributions/EventDefinitions.ts"
import { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import { Stopping } from "../../kernel/requests/Stopping.ts"
import { sessionOf } from "../../kernel/sessions/SessionEvents.ts"
import { SessionProjection } from "../../kernel/sessions/SessionProjection.ts"
import * as EventCatalogDocument from "./EventCatalogDocument.ts"
import type { EventsRequest } from "./Events.ts"
import { Events } from "./Events.ts"
import { EventsHandlers } from "./EventsHandlers.ts"

const pageSize = 256

const wholeLog: AccessResource = { type: "events", id: "all", owner: null }

export const layer = Layer.effect(
  Events,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const access = yield* AccessControl
    const tables = yield* ProjectionTables
    const stopping = yield* Stopping
    const contributions = yield* Contributions
    const { catalog } = yield* Modules
    const followers = yield* SubscriptionRef.make(0)
    const count = (change: number) => SubscriptionRef.update(followers, (current) => current + change)

    /** What is there now, to the head as it is when the reading begins. */
    const past = ({ after, ...filter }: EventsRequest): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
      Stream.unwrap(
        Effect.map(
          hub.head,
          (head) =>
            Stream.paginate(
              after,
              (position: number) =>
                Effect.map(hub.read({ ...filter, after: position, limit: pageSize }), (page) => {
                  const events = page.filter((event) => event.position <= head)
                  const last = events.at(-1)
                  return [
                    events,
                    last === undefined || events.length < pageSize ? Option.none() : Option.some(last.position)
                  ]
                })
            )
        )
      )

    /** The past and the present, until who follows leaves or the server stops. */
    const follow = (request: EventsRequest): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
      Stream.unwrap(Effect.as(
        Effect.acquireRelease(count(1), () => count(-1)),
        Stream.interruptWhen(hub.follow(request), Deferred.await(stopping))
      ))

    const ownerOf = (sessionId: string) =>
      Effect.map(tables.get(SessionProjection, sessionId), (row) => row?.document.owner ?? null)

    /** The whole log is a resource of its own: it shows every session. */
    const admit = Effect.fnUntraced(function*({ sessionId, stream }: Parameters<Events["Service"]["admit"]>[0]) {
      const id = sessionId ?? sessionOf(stream)
      const resource: AccessResource = id === undefined || (yield* access.permits("read", wholeLog))
        ? wholeLog
        : { type: "session", id, owner: yield* ownerOf(id) }
      yield* access.see(resource, () => new AccessDenied({ action: "read", resource: qualifiedId(resource) }))
    })

    return Events.of({
      admit,
      stream: (request) => {
        const events = request.follow ? follow(request) : past(request)
        return request.limit === undefined ? events : Stream.take(events, request.limit)
      },
      head: hub.head,
      followers,
      catalog: Effect.map(
        contributions.collect(EventDefinitions.channel(catalog.find)),
        (contributed) => EventCatalogDocument.withContributed(catalog.definitions, contributed)
      )
    })
  })
)

export const live = ApiModule.live({ handlers: EventsHandlers, layer })
