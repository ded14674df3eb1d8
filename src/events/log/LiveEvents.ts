/**
 * Live events: they reach who watches at that moment, in this process, and are not stored.
 *
 * Whoever publishes is never kept waiting: of a slow subscriber the oldest that wait are dropped, and it is told how many
 * before it gets the next.
 */
import { Context, Effect, Stream } from "effect"
import type { Scope } from "effect"
import type { LiveEvent } from "../types/Envelope.ts"
import type { Filter } from "./EventLog.ts"
import { matches, typeMatches } from "./EventLog.ts"
import { LiveEventsLost } from "./LogEvents.ts"

export interface Options {
  /** Events that wait for a subscriber. */
  readonly maxWaiting: number
  /** Characters of their payloads. */
  readonly maxWaitingCharacters: number
}

const defaults: Options = { maxWaiting: 1024, maxWaitingCharacters: 1024 * 1024 }

/** Whose events they will be. */
export type Origin = Pick<LiveEvent, "tenant" | "sessionId" | "requestId" | "provider" | "stream">

class Subscriber {
  readonly filter: Filter
  readonly #options: Options
  #waiting: Array<LiveEvent> = []
  #characters = 0
  #lost = 0
  #wake: (() => void) | undefined

  constructor(filter: Filter, options: Options) {
    this.filter = filter
    this.#options = options
  }

  offer(event: LiveEvent): void {
    const { maxWaiting, maxWaitingCharacters } = this.#options
    this.#waiting.push(event)
    this.#characters += event.payload.length
    while (this.#waiting.length > maxWaiting || (this.#characters > maxWaitingCharacters && this.#waiting.length > 1)) {
      this.#characters -= this.#waiting.shift()!.payload.length
      this.#lost++
    }
    this.#wake?.()
  }

  #take(): ReadonlyArray<LiveEvent> {
    const waiting = this.#waiting
    const lost = this.#lost
    this.#waiting = []
    this.#characters = 0
    this.#lost = 0
    const [next] = waiting
    return next === undefined || lost === 0 ? waiting : [lostBefore(next, lost), ...waiting]
  }

  /** All that waits; where there is nothing, what comes next. */
  readonly take: Effect.Effect<ReadonlyArray<LiveEvent>> = Effect.suspend(() =>
    this.#waiting.length > 0
      ? Effect.succeed(this.#take())
      : Effect.callback<ReadonlyArray<LiveEvent>>((resume) => {
        this.#wake = () => {
          this.#wake = undefined
          // What is published in the same turn goes out together.
          queueMicrotask(() => resume(Effect.sync(() => this.#take())))
        }
        return Effect.sync(() => {
          this.#wake = undefined
        })
      })
  )
}

/** It is of whom the next event is of: who may read that may know. */
const lostBefore = (next: LiveEvent, count: number): LiveEvent => ({
  ...next,
  id: `${next.id}-lost`,
  type: LiveEventsLost.type,
  schemaVersion: LiveEventsLost.version,
  causationId: null,
  payload: JSON.stringify({ count })
})

/** Of its types and its level nothing is known before there is an event. */
const mayMatch = ({ filter }: Subscriber, origin: Origin): boolean =>
  (filter.tenant === undefined || filter.tenant === origin.tenant) &&
  (filter.sessionId === undefined || filter.sessionId === origin.sessionId) &&
  (filter.requestId === undefined || filter.requestId === origin.requestId) &&
  (filter.provider === undefined || filter.provider === origin.provider) &&
  (filter.stream === undefined || filter.stream === origin.stream) &&
  (filter.streams === undefined || filter.streams.includes(origin.stream))

export interface Service {
  /** Whether somebody waits for events of these types and this origin: nothing is made for nobody. */
  readonly isWanted: (origin: Origin, types: ReadonlyArray<string>) => boolean
  readonly publish: (event: LiveEvent) => void
  /** From the moment it is asked for until its scope closes; it never ends by itself. */
  readonly subscribe: (filter: Filter) => Effect.Effect<Stream.Stream<LiveEvent>, never, Scope.Scope>
}

export const make = (options: Partial<Options> = {}): Service => {
  const subscribers = new Set<Subscriber>()
  const bounds = { ...defaults, ...options }
  return {
    isWanted: (origin, types) => {
      for (const subscriber of subscribers) {
        if (mayMatch(subscriber, origin) && types.some((type) => typeMatches(subscriber.filter.types, type))) {
          return true
        }
      }
      return false
    },
    publish: (event) => {
      for (const subscriber of subscribers) if (matches(subscriber.filter, event)) subscriber.offer(event)
    },
    subscribe: (filter) =>
      Effect.map(
        Effect.acquireRelease(
          Effect.sync(() => {
            const subscriber = new Subscriber(filter, bounds)
            subscribers.add(subscriber)
            return subscriber
          }),
          (subscriber) => Effect.sync(() => void subscribers.delete(subscriber))
        ),
        ({ take }) => Stream.flattenIterable(Stream.fromEffectRepeat(take))
      )
  }
}

/** Those of a server. Where none are provided, as in a verification, nobody is told anything. */
export const LiveEvents = Context.Reference<Service | undefined>("strata/events/log/LiveEvents", {
  defaultValue: () => undefined
})
