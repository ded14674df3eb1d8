/** What a call's end says of the key it went with. */
import { Clock, Effect } from "effect"
import type { KeyOutcome, KeyPool } from "../authentication/KeyPool.ts"
import type { CallFailure } from "./CallFailure.ts"
import * as RetryAfter from "./RetryAfter.ts"

/** A key that is limited rests so long where its vendor does not say it, milliseconds. */
const usualRest = 1000

const outcomeOf = (failure: CallFailure | undefined, now: number): KeyOutcome | undefined => {
  switch (failure?.kind) {
    case undefined:
      return { _tag: "Works" }
    case "authentication":
    case "access_denied":
    case "quota_exceeded":
      return { _tag: "Refused" }
    case "rate_limit":
      return { _tag: "Rests", for: RetryAfter.of(failure!.headers, now) ?? usualRest }
    default:
      return undefined
  }
}

/** `failure`: undefined where the call was answered. True: the key is out, and another may be used at once. */
export const report = (keys: KeyPool, key: string, failure: CallFailure | undefined): Effect.Effect<boolean> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const outcome = outcomeOf(failure, now)
    if (outcome === undefined) return Effect.succeed(false)
    const reported = keys.report(key, outcome)
    return outcome._tag === "Works" ? Effect.as(reported, false) : Effect.andThen(reported, keys.hasUsable)
  })
