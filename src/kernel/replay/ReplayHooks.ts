/** The hooks of a recorded session: they say what was recorded that they said, at the same place. */
import { Effect, Layer, Option, Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { HookDecision } from "../hooks/HookDecision.ts"
import { decide } from "../hooks/HookDispatch.ts"
import * as HookEvents from "../hooks/HookEvents.ts"
import { Hooks } from "../hooks/Hooks.ts"
import type { Recording } from "../requests/Recording.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { isEarlier } from "./EarlierFormat.ts"

const { base, debug, raw } = HookEvents.Decided

const definitions = new Map([base, debug, raw, HookEvents.Failed].map((each) => [each.type as string, each]))

/** None for what was altered: the digest of the event tells. */
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(HookDecision))

/** What hooks were asked about; undefined for the events that only follow one that says so. */
const subject = (event: RecordedEvent | undefined): unknown =>
  event?.type === base.type || event?.type === HookEvents.Failed.type ? field(payloadOf(event), "on") : undefined

/**
 * An event's id follows from its request, its call and its place in it: what was recorded at this place has the id of the
 * event that would come next. Where nothing was, the hooks had nothing to say.
 */
export const layer = (events: ReadonlyArray<RecordedEvent>): Layer.Layer<Hooks> => {
  const decided = events.filter(({ type }) => definitions.has(type))
  const byId = new Map(decided.map((event) => [event.id, event]))
  const wanted = new Set(decided.map(subject))
  const earlier = new Set(
    [...Map.groupBy(events, ({ requestId }) => requestId ?? "")].flatMap(([requestId, recorded]) =>
      isEarlier(recorded) ? [requestId] : []
    )
  )

  /** The next event is the recorded one. */
  const repeat = (recording: Recording, { causationId, payload, provider, type }: RecordedEvent) => {
    waiting.get(recording.options.requestId)?.shift()
    return recording.emitMasked(definitions.get(type)!, () => payload, {
      causationId: causationId ?? undefined,
      provider: provider ?? undefined
    })
  }

  /** Earlier versions numbered the events of calls with those of the request: there the order has to do. */
  const waiting = Map.groupBy(
    decided.filter(({ requestId }) => earlier.has(requestId ?? "")),
    ({ requestId }) => requestId ?? ""
  )
  const nextOf = ({ nextId, options }: Recording): RecordedEvent | undefined =>
    waiting.get(options.requestId)?.[0] ?? byId.get(nextId)

  const decision = (recording: Recording, type: string): HookDecision | undefined => {
    const event = nextOf(recording)
    if (event === undefined || subject(event) !== type) return undefined
    repeat(recording, event)
    // A failure is followed by the next one, or by the decision.
    if (event.type !== base.type) return decision(recording, type)
    let last = event
    for (const member of [debug, raw]) {
      const next = nextOf(recording)
      if (next?.type === member.type) repeat(recording, last = next)
    }
    return last.type === raw.type ? Option.getOrUndefined(decode(field(payloadOf(last), "body"))) : undefined
  }

  return Layer.succeed(
    Hooks,
    Hooks.of({
      registered: wanted,
      register: () => Effect.void,
      wants: (type) => wanted.has(type),
      emit: ({ data, type }) =>
        Effect.map(
          CurrentRecording,
          (recording) => (recording === undefined ? undefined : decision(recording, type)) ?? decide(data, [])
        )
    })
  )
}
