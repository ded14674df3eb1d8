/**
 * The hub: takes events in, commits them in groups, and lets any number of readers follow.
 *
 * Readers pull from the log by position and are only woken from here: a slow one never slows the writer and never
 * loses an event.
 */
import { Context, Effect, Latch, Layer, Option, PubSub, Stream } from "effect"
import type { Appendable } from "../facts/Fact.ts"
import * as Fact from "../facts/Fact.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import { EventUpcasting } from "../types/Upcasting.ts"
import type { Append, Appended, AppendRefused, ExpectedVersion, Filter, Read } from "./EventLog.ts"
import { EventLog, EventLogUnavailable, tenantOf } from "./EventLog.ts"
import { Followers } from "./Followers.ts"
import { WriteQueue } from "./WriteQueue.ts"

export interface Options {
  /** Characters of payload that may wait for the disk before publishers wait too. */
  readonly maxQueuedCharacters: number
  /** Appends in one transaction. */
  readonly maxGroup: number
  /** Events a follower reads at once. */
  readonly pageSize: number
}

const defaults: Options = { maxQueuedCharacters: 64 * 1024 * 1024, maxGroup: 256, pageSize: 256 }

export interface Follow extends Filter {
  /** Only events behind this position; default 0, the beginning. */
  readonly after?: number | undefined
}

/** Why an append was not committed. */
export type AppendFailed = AppendRefused | EventLogUnavailable

type AppendResult = Effect.Effect<Appended, AppendFailed>

interface Entry {
  readonly append: Append
  /** Characters of its payloads. */
  readonly size: number
  /** Undefined where nobody waits for its commit. */
  readonly resume: ((result: AppendResult) => void) | undefined
}

const closed = new EventLogUnavailable({ operation: "be written", reason: "the server is stopping" })

const sizeOf = (events: ReadonlyArray<Appendable>): number => {
  let size = 0
  for (const each of events) size += Fact.charactersOf(each)
  return size
}

export class EventHub extends Context.Service<EventHub, {
  /** Appends and waits until the events are committed. */
  append(
    stream: string,
    expectedVersion: ExpectedVersion,
    events: ReadonlyArray<Appendable>
  ): Effect.Effect<Appended, AppendFailed>
  /** Hands events to the writer; they are committed after all that was handed over before. */
  publish(stream: string, events: ReadonlyArray<Appendable>): Effect.Effect<void>
  read(options: Read): Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable>
  /** The past, then the present, with no gap and no duplicate. Never ends by itself. */
  follow(options: Follow): Stream.Stream<RecordedEvent, EventLogUnavailable>
  /** The position of the last committed event. */
  readonly head: Effect.Effect<number, EventLogUnavailable>
  /** Says that another process may have committed events; for who keeps a fold and need not see each of them. */
  readonly changes: Stream.Stream<void>
}>()("strata/events/log/EventHub") {
  static readonly layer = (options: Partial<Options> = {}) => Layer.effect(EventHub, make({ ...defaults, ...options }))
}

const make = Effect.fn("EventHub.make")(function*(options: Options) {
  const log = yield* EventLog
  const lift = yield* EventUpcasting
  const queue = new WriteQueue<Entry>(options.maxGroup)
  const room = Latch.makeUnsafe(true)
  const followers = new Followers()
  let queued = 0

  const offer = (append: Append, resume: Entry["resume"]): void => {
    // Before it is one of a group: what is of two tenants is nobody's but its writer's fault.
    tenantOf(append)
    const size = sizeOf(append.events)
    if (!queue.offer({ append, size, resume }, resume !== undefined)) return resume?.(Effect.fail(closed))
    queued += size
    if (queued > options.maxQueuedCharacters) room.closeUnsafe()
  }

  /** At once, or where too much waits already when there is room again. */
  const inRoom = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => queued > options.maxQueuedCharacters ? Effect.andThen(room.await, effect) : effect)

  const settle = (entries: ReadonlyArray<Entry>, result: (index: number) => AppendResult) => {
    for (const [index, entry] of entries.entries()) {
      queued -= entry.size
      entry.resume?.(result(index))
    }
    if (queued <= options.maxQueuedCharacters) room.openUnsafe()
  }

  const write = (entries: ReadonlyArray<Entry>) => {
    const group = entries.map(({ append }) => append)
    return log.commit(group).pipe(
      Effect.matchEffect({
        onSuccess: (results) =>
          Effect.sync(() => {
            settle(entries, (index) => Effect.fromResult(results[index]!))
            followers.committed(group, results)
          }),
        onFailure: (error) =>
          Effect.andThen(
            Effect.sync(() => settle(entries, () => Effect.fail(error))),
            Effect.logError(error.message)
          )
      })
    )
  }

  yield* queue.drain(write)

  const elsewhere = yield* PubSub.sliding<void>(1)
  yield* Effect.forkScoped(
    Stream.runForEach(
      log.changes,
      () => Effect.andThen(Effect.sync(() => followers.changed()), PubSub.publish(elsewhere, undefined))
    )
  )

  const read = (options: Read) => Effect.map(log.read(options), (events) => events.map(lift))

  const page = (filter: Follow) =>
    Effect.fnUntraced(function*(after: number) {
      while (true) {
        const { commits } = followers
        const head = yield* log.head
        const events = head > after ? yield* read({ ...filter, after, limit: options.pageSize }) : []
        const last = events.at(-1)
        if (last !== undefined && events.length === options.pageSize) {
          after = last.position
          // Whoever reads a long past does not keep others waiting.
          yield* Effect.yieldNow
        } else {
          // A page that is not full has seen everything up to the head: the next look starts there.
          after = Math.max(after, head, last?.position ?? 0)
        }
        if (events.length > 0) return [events, Option.some(after)] as const
        after = Math.max(after, yield* followers.news(filter, commits))
      }
    })

  return EventHub.of({
    append: (stream, expectedVersion, events) =>
      inRoom(Effect.callback((resume) => offer({ stream, expectedVersion, events }, resume))),
    publish: (stream, events) =>
      inRoom(Effect.sync(() => offer({ stream, expectedVersion: "any", events }, undefined))),
    read: (options) => Effect.andThen(queue.hurried, read(options)),
    follow: (filter) => Stream.paginate(filter.after ?? 0, page(filter)),
    head: Effect.andThen(queue.hurried, log.head),
    changes: Stream.fromPubSub(elsewhere)
  })
})
