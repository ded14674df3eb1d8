/** What stands between a request and its provider where a configuration asks for it: retries, keys, limits, a breaker. */
import { Effect } from "effect"
import type { KeyPool } from "../authentication/KeyPool.ts"
import type { Call } from "../calls/Call.ts"
import * as Decision from "../calls/Decision.ts"
import type { CallFailure } from "./CallFailure.ts"
import * as Retry from "./Retry.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"

/** Of one provider instance. */
export interface Reliability {
  readonly retry?: RetryPolicy
  /** Used in turn. */
  readonly keys?: KeyPool
}

export interface Options<A, E, R> {
  /** Asked for outside of verifications alone: an instance may not run there, and the log decides. */
  readonly of: (() => Reliability) | undefined
  readonly call: Call<E>
  /** Makes one call. */
  readonly run: (call: Call<E>) => Effect.Effect<A, E, R>
  readonly failureOf: (error: E) => CallFailure
}

/** Makes a call as its provider's configuration says. Where that says nothing, it is the call and nothing else. */
export const run = <A, E, R>({ call, failureOf, of, run }: Options<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) => {
    const isRecorded = fiber.getRef(Decision.RecordedDecisions) !== undefined
    if (of === undefined && !isRecorded) return run(call)
    const { keys, retry } = isRecorded ? {} : of!()
    return Retry.run({ policy: retry, keys, call, run, failureOf })
  })
