/** The provider calls of a recording: what was sent, and what came back. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { isPruned, payloadOf } from "../../events/types/Envelope.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import type { RequestTraffic } from "../../events/types/Traffic.ts"
import { isOfCall } from "../calls/CallEvents.ts"
import { callMethod } from "../calls/CallRecord.ts"
import * as LlmEvents from "../calls/LlmEvents.ts"
import type { ReplayedCall } from "../calls/ReplayedCall.ts"

const decodeRequest = Schema.decodeUnknownSync(LlmEvents.Request.raw.payload)
const decodeAnswer = Schema.decodeUnknownSync(LlmEvents.Error.raw.payload)
const decodeError = Schema.decodeUnknownSync(
  Schema.Struct({
    error: LlmEvents.Error.base.payload.fields.error,
    status: LlmEvents.Error.base.payload.fields.status
  })
)

/** An answer as it was recorded; `status` is null when there was none, `failure` says what ended it early. */
export type RecordedAnswer = typeof LlmEvents.Error.raw.payload.Type & {
  readonly failure?: { readonly type: string; readonly message: string }
}

export interface RecordedCall {
  readonly requestId: string
  readonly attempt: number
  /** Within its request; in what earlier versions recorded, its number. */
  readonly path: string
  readonly provider: string
  readonly request: RequestTraffic
  readonly answer: RecordedAnswer
}

/** Numbers are unique within a request, or a branch of it; earlier versions numbered all events of a request together. */
const key = ({ attempt, id, requestId }: RecordedEvent) => `${requestId}/${EventIds.sequenceOf(id)}/${attempt}`

const byCall = (events: ReadonlyArray<RecordedEvent>, isWanted: (event: RecordedEvent) => boolean) =>
  new Map(events.filter((event) => isWanted(event) && !isPruned(event)).map((event) => [key(event), event]))

/** What ended a call other than its answer, also a refusal that broke off. */
const failureOf = (event: RecordedEvent | undefined) => {
  if (event === undefined) return {}
  const { error, status } = decodeError(payloadOf(event))
  return status === null || error.type !== `http_${status}` ? { failure: error } : {}
}

/** What was sent, of a raw request event. */
export const requestOf = (event: RecordedEvent): RequestTraffic => decodeRequest(payloadOf(event))

/** What came back, of a raw answer event and, where the call failed, of the event that says how. */
export const answerOf = (event: RecordedEvent, failed: RecordedEvent | undefined): RecordedAnswer => ({
  ...decodeAnswer(payloadOf(event)),
  ...failureOf(failed)
})

/** By the key of a call. */
const pathsOf = (events: ReadonlyArray<RecordedEvent>) =>
  new Map(
    events.filter((event) => isOfCall(event, "request", "default"))
      .map((event) => [key(event), textOrNull(field(payloadOf(event), "call"))])
  )

/** The calls in order; those whose answer was not recorded are left out. */
export const fromEvents = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<RecordedCall> => {
  const answers = byCall(events, (event) => isOfCall(event, "response", "raw") || isOfCall(event, "error", "raw"))
  const errors = byCall(events, (event) => isOfCall(event, "error", "default"))
  const paths = pathsOf(events)
  const requests = events.filter((event) => isOfCall(event, "request", "raw") && !isPruned(event))
  return requests.flatMap((event) => {
    const answer = answers.get(key(event))
    return answer === undefined ? [] : [{
      requestId: event.requestId ?? "",
      attempt: event.attempt ?? 0,
      path: paths.get(key(event)) ?? String(event.attempt ?? 0),
      provider: event.provider ?? "",
      request: requestOf(event),
      answer: answerOf(answer, errors.get(key(event)))
    }]
  })
}

/** True for a call that went over a wire: its provider runs again, and is answered there. */
export const wentOverWire = ({ request }: RecordedCall): boolean => request.method !== callMethod

const placeOf = ({ path, requestId }: Pick<RecordedCall, "path" | "requestId">): string => `${requestId}/${path}`

/** The places of those that a call is made on behalf of: of `1.2.1` those of `1.2` and `1`. */
const outerPlaces = (place: string): ReadonlyArray<string> =>
  [...place.matchAll(/\.(?=\d+(?:\.\d+)*$)/g)].map(({ index }) => place.slice(0, index))

/** The recorded call of a request at a path, of those that went over no wire. */
export const answeredAtCall = (calls: ReadonlyArray<RecordedCall>) => {
  const byPlace = new Map(calls.filter((call) => !wentOverWire(call)).map((call) => [placeOf(call), call]))
  const inner = new Map<string, number>()
  for (const call of calls) {
    for (const place of outerPlaces(placeOf(call))) inner.set(place, (inner.get(place) ?? 0) + 1)
  }
  return (requestId: string, path: string): ReplayedCall | undefined => {
    const place = `${requestId}/${path}`
    const call = byPlace.get(place)
    if (call === undefined) return undefined
    const { answer, request } = call
    return { method: request.url, answer, failure: answer.failure, inner: inner.get(place) ?? 0 }
  }
}

/** The events without those of calls on behalf of one that is answered at the call: nobody makes them again. */
export const withoutInner = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<RecordedEvent> => {
  const answered = new Set(fromEvents(events).filter((call) => !wentOverWire(call)).map(placeOf))
  const paths = pathsOf(events)
  const isInner = (event: RecordedEvent): boolean => {
    const path = event.attempt === null ? undefined : paths.get(key(event))
    return path != null &&
      outerPlaces(placeOf({ path, requestId: event.requestId ?? "" })).some((place) => answered.has(place))
  }
  return answered.size === 0 ? events : events.filter((event) => !isInner(event))
}

/** The instances, as `api/provider_id`, all of whose calls are answered at the call: they need not start. */
export const idleInstances = (calls: ReadonlyArray<RecordedCall>): ReadonlySet<string> => {
  const busy = new Set(calls.filter(wentOverWire).map(({ provider }) => provider))
  return new Set(
    calls.filter((call) => !wentOverWire(call) && !busy.has(call.provider))
      .map(({ provider, request }) => `${request.url.split(".")[0]}/${provider}`)
  )
}
