/** Which request changes something: for the events of other streams that say what was changed. */
import { Context, Effect } from "effect"
import type { Appendable } from "../../events/facts/Fact.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { CurrentRecording } from "../requests/Recording.ts"

/** How an event names the request that led to it. */
export type ChangeOrigin = Pick<EventDraft, "requestId" | "causationId">

/** A request of `system`, which is recorded once it has changed something. */
export interface SystemRequest {
  recorded: boolean
  /** What it said before. */
  held: ReadonlyArray<Appendable>
}

export const CurrentSystemRequest = Context.Reference<SystemRequest | undefined>(
  "strata/kernel/system/ChangeOrigin/CurrentSystemRequest",
  { defaultValue: () => undefined }
)

const nobody: ChangeOrigin = { requestId: null, causationId: null }

/** To be asked before the change is in the log: a request of `system` is recorded from here on, its beginning first. */
export const changeOrigin: Effect.Effect<ChangeOrigin> = Effect.withFiber((fiber) => {
  const recording = fiber.getRef(CurrentRecording)
  if (recording === undefined) return Effect.succeed(nobody)
  const origin = { requestId: recording.options.requestId, causationId: recording.origin }
  const system = fiber.getRef(CurrentSystemRequest)
  if (system === undefined || system.recorded) return Effect.succeed(origin)
  system.recorded = true
  return Effect.as(recording.flush, origin)
})
