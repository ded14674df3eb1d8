/** Writes down what hooks decided and how they failed: in their request's recording, or outside of one in the hub. */
import { Effect } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { Definition, Payload } from "../../events/types/Event.ts"
import { sha256 } from "../../events/types/Traffic.ts"
import { truncateJson } from "../../events/types/Truncate.ts"
import type { Attributes, Recording } from "../requests/Recording.ts"
import type { HookDecision } from "./HookDecision.ts"
import * as HookEvents from "./HookEvents.ts"

/** What a debug payload has besides what it shows. */
const wrapper = "{\"decision\":}".length

const summary = (on: string, decision: HookDecision): Payload<typeof HookEvents.Decided.base> => ({
  on,
  action: decision.action,
  hooks: decision.hooks,
  modified_by: decision.modified_by,
  reason: decision.reason,
  context_characters: decision.context?.text.length ?? 0,
  approval: decision.approval,
  user_messages: decision.user_messages,
  ignored: decision.ignored
})

const publish = <D extends Definition>(
  hub: EventHub["Service"],
  definition: D,
  payload: Payload<D>,
  { provider }: Attributes
) =>
  Effect.flatMap(
    Draft.make(definition, payload, provider === undefined ? {} : { provider }),
    (draft) => hub.publish(HookEvents.stream, [draft])
  )

export interface Place {
  readonly hub: EventHub["Service"]
  /** Undefined outside of requests. */
  readonly recording: Recording | undefined
  /** What the hooks are asked about. */
  readonly on: string
  /** The provider instance concerned. */
  readonly provider: string | undefined
}

const attributesOf = ({ provider, recording }: Place): Attributes => ({ provider, causationId: recording?.origin })

export const failed = (
  place: Place,
  failure: Omit<Payload<typeof HookEvents.Failed>, "on">
): Effect.Effect<void> => {
  const { hub, on, recording } = place
  const payload = { on, ...failure }
  if (recording === undefined) return publish(hub, HookEvents.Failed, payload, attributesOf(place))
  return Effect.sync(() => void recording.emit(HookEvents.Failed, payload, attributesOf(place)))
}

/** Outside of requests nothing is replayed, and the summary is all that is kept. */
export const decided = (place: Place, decision: HookDecision): Effect.Effect<void> => {
  const { hub, on, recording } = place
  const { base, debug, raw } = HookEvents.Decided
  if (recording === undefined) return publish(hub, base, summary(on, decision), attributesOf(place))
  return Effect.sync(() => {
    const id = recording.emit(base, summary(on, decision), attributesOf(place))
    const attributes = { provider: place.provider, causationId: id }
    let text: string | undefined
    const body = () => text ??= recording.mask(JSON.stringify(decision))
    const bound = recording.debugBytes - wrapper
    recording.emitMasked(debug, () => `{"decision":${truncateJson(body(), JSON.parse(body()), bound)}}`, attributes)
    recording.emitMasked(raw, () => {
      return JSON.stringify({ body: body(), encoding: "utf-8", sha256: sha256(body()) })
    }, attributes)
  })
}
