/** The event log for those who watch; followers end when the server stops. */
import { Deferred, Effect, identity, Layer, Stream, SubscriptionRef } from "effect"
import type { Scope } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { LiveEvents } from "../../events/log/LiveEvents.ts"
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
import type { AnyEvent, EventsRequest } from "./Events.ts"
import { Events } from "./Events.ts"
import { EventsHandlers } from "./EventsHandlers.ts"

const pageSize = 256

type StoredRequest = Omit<EventsRequest, "live">
type Stored = Stream.Stream<RecordedEvent, EventLogUnavailable>

export const layer = Layer.effect(
  Events,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const liveEvents = yield* LiveEvents
    const readable = yield* ReadableEvents.make
    const stopping = yield* Stopping
    const contributions = yield* Contributions
    const { catalog } = yield* Modules
    const followers = yield* SubscriptionRef.make(0)
    const count = (change: number) => SubscriptionRef.update(followers, (current) => current + change)

    /** What is there now, to the head as it is when the reading begins. */
    const past = ({ after, ...filter }: StoredRequest): Stored =>
      Stream.unwrap(
        Effect.map(hub.head, (upTo) => EventPages.stream(hub, filter, { after, upTo, size: pageSize }))
      )

    /** The past and the present, until who follows leaves or the server stops. */
    const follow = <Event>(events: Effect.Effect<Stream.Stream<Event, EventLogUnavailable>, never, Scope.Scope>) =>
      Stream.unwrap(Effect.gen(function*() {
        const present = yield* events
        yield* Effect.acquireRelease(count(1), () => count(-1))
        return Stream.interruptWhen(present, Deferred.await(stopping))
      }))

    const stored = (request: StoredRequest): Stored =>
      request.follow ? follow(Effect.succeed(hub.follow(request))) : past(request)

    /** With those of the moment, where they are asked for. */
    const everything = (request: EventsRequest): Stream.Stream<AnyEvent, EventLogUnavailable> => {
      const { follow: follows, live, ...filter } = request
      return follows && live === true && liveEvents !== undefined
        ? follow(Effect.map(liveEvents.subscribe(filter), (moment) => Stream.merge(hub.follow(request), moment)))
        : stored(request)
    }

    /** Of the tenant that asks. */
    const ofTenant = <Request extends StoredRequest>(request: Request) =>
      Effect.map(CurrentTenant, (tenant) => ({ ...request, tenant }))

    const limited = ({ limit }: StoredRequest) => limit === undefined ? identity : Stream.take(limit)

    return Events.of({
      read: (request) =>
        Effect.flatMap(
          readable(request),
          (allowed) => Effect.map(ofTenant(request), (own) => everything(own).pipe(allowed, limited(request)))
        ),
      stream: (request) => limited(request)(Stream.unwrap(Effect.map(ofTenant(request), stored))),
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
