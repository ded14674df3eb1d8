/** What a replay knows of all registries: what was registered, as of the position it has come to. */
import { Context } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"

export interface ReplayRegistrations {
  /** Of all kinds, in order. */
  readonly events: ReadonlyArray<RecordedEvent>
  /** As of when the next look is. */
  readonly position: () => number
}

/** Undefined outside of replays: a registry is what its log says, and follows its providers. */
export const CurrentReplayRegistrations = Context.Reference<ReplayRegistrations | undefined>(
  "strata/kernel/resources/ReplayRegistrations/CurrentReplayRegistrations",
  { defaultValue: () => undefined }
)
