/**
 * What depends on time, chance or other requests is decided once and recorded as an event of the call it is about. A
 * verification takes it from the log: by the call, and the place among its events.
 */
import { Context, Effect, Option, Schema } from "effect"
import type { Fiber } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Definition, Payload } from "../../events/types/Event.ts"
import type { Recording } from "../requests/Recording.ts"
import type { CallRecord } from "./CallRecord.ts"

/** In a verification: the recorded event of an id. Outside of one there is no such function. */
export const RecordedDecisions = Context.Reference<((id: string) => RecordedEvent | undefined) | undefined>(
  "strata/kernel/calls/Decision/RecordedDecisions",
  { defaultValue: () => undefined }
)

/** A decision, and the id of the event that says it; undefined where nobody records. */
export interface Decided<P> {
  readonly payload: P
  readonly event: string | undefined
}

/** Where events of a decision stand: a call, or what stands before one. */
export interface Place {
  readonly nextId: string
  readonly emit: <D extends Definition>(definition: D, payload: Payload<D>) => string
  readonly repeat: (definition: Definition, event: RecordedEvent) => string
}

class RequestPlace implements Place {
  readonly #recording: Recording

  constructor(recording: Recording) {
    this.#recording = recording
  }

  get nextId(): string {
    return this.#recording.nextId
  }

  emit<D extends Definition>(definition: D, payload: Payload<D>): string {
    return this.#recording.emit(definition, payload, { causationId: this.#recording.origin })
  }

  repeat(definition: Definition, { causationId, payload }: RecordedEvent): string {
    return this.#recording.emitMasked(definition, () => payload, { causationId: causationId ?? undefined })
  }
}

/** Among the events of a request itself. */
export const ofRequest = (recording: Recording): Place => new RequestPlace(recording)

type Recorded = (id: string) => RecordedEvent | undefined

const repeated = <D extends Definition>(
  place: Place | CallRecord | undefined,
  definition: D,
  recorded: Recorded,
  accepts: (payload: Payload<D>) => boolean = () => true
): Decided<Payload<D>> | undefined => {
  const event = place === undefined ? undefined : recorded(place.nextId)
  if (place === undefined || event?.type !== definition.type) return undefined
  const payload = payloadOf(event)
  const isPayload = Option.isSome(
    Schema.decodeUnknownOption(definition.payload as unknown as Schema.Codec<unknown>)(payload)
  )
  return isPayload && accepts(payload as Payload<D>)
    ? { payload: payload as Payload<D>, event: place.repeat(definition, event) }
    : undefined
}

/** In a verification: the recorded decision at this place; undefined where another event or none stands there. */
export const repeat = <D extends Definition>(
  fiber: Fiber.Fiber<unknown, unknown>,
  place: Place | CallRecord | undefined,
  definition: D
): Decided<Payload<D>> | undefined => {
  const recorded = fiber.getRef(RecordedDecisions)
  return recorded === undefined ? undefined : repeated(place, definition, recorded)
}

/**
 * Decides with `live`, which gives undefined where all goes on as if nobody had asked: that is no event. `accepts`: which
 * recorded decisions are about this; default all.
 */
export const make = <D extends Definition, E, R>(
  place: Place | CallRecord | undefined,
  definition: D,
  live: Effect.Effect<Payload<D> | undefined, E, R>,
  accepts?: (payload: Payload<D>) => boolean
): Effect.Effect<Decided<Payload<D>> | undefined, E, R> =>
  Effect.withFiber((fiber) => {
    const recorded = fiber.getRef(RecordedDecisions)
    if (recorded !== undefined) return Effect.succeed(repeated(place, definition, recorded, accepts))
    return Effect.map(live, (payload) =>
      payload === undefined ? undefined : { payload, event: place?.emit(definition, payload) })
  })

/** In a verification: the recorded decision at this place, if it is one of these. */
export const repeatIf = <D extends Definition>(
  place: Place | undefined,
  definition: D,
  accepts: (payload: Payload<D>) => boolean
): Effect.Effect<Decided<Payload<D>> | undefined> =>
  Effect.map(
    RecordedDecisions,
    (recorded) => recorded === undefined ? undefined : repeated(place, definition, recorded, accepts)
  )

/** True in a verification: nobody waits there, and nothing is drawn. */
export const isRecorded: Effect.Effect<boolean> = Effect.map(RecordedDecisions, (recorded) => recorded !== undefined)
