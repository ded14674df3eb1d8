/** The event log for those who watch; followers end when the server stops. */
import { Deferred, Effect, identity, Layer, Stream, SubscriptionRef } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import * as EventDefinitions from "../../kernel/contributions/EventDefinitions.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import { Stopping } from "../../kernel/requests/Stopping.ts"
import * as EventPages from "../../kernel/sessions/EventPages.ts"
import * as ReadableEvents from "../../kernel/sessions/ReadableEvents.ts"
import * as EventCatalogDocument from "./EventCatalogDocument.ts"
import type { EventsRequest } from "./Events.ts"
import { Events } from "./Events.ts"
import { EventsHandlers } from "./EventsHandlers.ts"

const pageSize = 256

export const layer = Layer.effect(
  Events,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const readable = yield* ReadableEvents.make
    const stopping = yield* Stopping
    const contributions = yield* Contributions
    const { catalog } = yield* Modules
    const followers = yield* SubscriptionRef.make(0)
    const count = (change: number) => SubscriptionRef.update(followers, (current) => current + change)

    /** What is there now, to the head as it is when the reading begins. */
    const past = ({ after, ...filter }: EventsRequest): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
      Stream.unwrap(
        Effect.map(hub.head, (upTo) => EventPages.stream(hub, filter, { after, upTo, size: pageSize }))
      )

    /** The past and the present, until who follows leaves or the server stops. */
    const follow = (request: EventsRequest): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
      Stream.unwrap(Effect.as(
        Effect.acquireRelease(count(1), () => count(-1)),
        Stream.interruptWhen(hub.follow(request), Deferred.await(stopping))
      ))

    /** Of the tenant that asks. */
    const everything = (request: EventsRequest) =>
      Effect.map(CurrentTenant, (tenant) => {
        const own = { ...request, tenant }
        return request.follow ? follow(own) : past(own)
      })

    const limited = ({ limit }: EventsRequest) => limit === undefined ? identity : Stream.take(limit)

    return Events.of({
      read: (request) =>
        Effect.flatMap(
          readable(request),
          (allowed) => Effect.map(everything(request), (events) => events.pipe(allowed, limited(request)))
        ),
      stream: (request) => limited(request)(Stream.unwrap(everything(request))),
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
