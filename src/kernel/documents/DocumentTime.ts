/** When documents are made: as their request says, so that a verification makes the same. */
import { Clock, Effect } from "effect"
import * as EventIds from "../../events/types/EventIds.ts"
import { CurrentRecording } from "../requests/Recording.ts"

/** Seconds since 1970. */
export const seconds: Effect.Effect<number> = Effect.flatMap(CurrentRecording, (recording) =>
  recording === undefined
    ? Effect.map(Clock.currentTimeMillis, (time) => Math.floor(time / 1000))
    : Effect.succeed(EventIds.secondsOf(recording.options.requestId)))
