/** Makes a call again that failed in a way that may pass. Each attempt is a call of its own. */
import { Clock, Effect, Random } from "effect"
import type { Call } from "../calls/Call.ts"
import type { CallRecord } from "../calls/CallRecord.ts"
import * as Decision from "../calls/Decision.ts"
import type { CallFailure } from "./CallFailure.ts"
import * as ReliabilityEvents from "./ReliabilityEvents.ts"
import * as RetryAfter from "./RetryAfter.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"
import { delayOf } from "./RetryPolicy.ts"

export interface Options<A, E, R> {
  /** Undefined: nothing is made again, but in a verification what was. */
  readonly policy: RetryPolicy | undefined
  readonly call: Call<E>
  readonly run: (call: Call<E>) => Effect.Effect<A, E, R>
  readonly failureOf: (error: E) => CallFailure
}

interface Failed {
  readonly failure: CallFailure
  readonly retries: number
  readonly began: number
}

const modelOf = ({ common }: Call<never>): string | null => typeof common["model"] === "string" ? common["model"] : null

/** The wait that is to be, or undefined: the failure stands. */
const waitFor = (policy: RetryPolicy, { began, failure, retries }: Failed) =>
  Effect.gen(function*() {
    if (!failure.retryable || retries >= policy.max_retries) return undefined
    const now = yield* Clock.currentTimeMillis
    const retryAfter = RetryAfter.of(failure.headers, now)
    const delay_ms = delayOf(policy, { retries, retryAfter, random: yield* Random.next })
    return now + delay_ms - began > policy.deadline_ms ? undefined : { delay_ms, retryAfter }
  })

export const run = <A, E, R>({ call, failureOf, policy, run }: Options<A, E, R>): Effect.Effect<A, E, R> => {
  const decide = (record: CallRecord | undefined, failed: Failed) =>
    Decision.make(
      record,
      ReliabilityEvents.Retry,
      policy === undefined ?
        Effect.undefined :
        Effect.map(waitFor(policy, failed), (wait) =>
          wait === undefined ? undefined : {
            provider: call.provider,
            model: modelOf(call as unknown as Call<never>),
            attempt: failed.retries + 1,
            max_retries: policy.max_retries,
            delay_ms: wait.delay_ms,
            retry_after: wait.retryAfter === undefined ? null : wait.retryAfter / 1000,
            key: null,
            error: { type: failed.failure.type, message: failed.failure.message }
          })
    )

  const attempt = (began: number, retries: number, cause: string | undefined): Effect.Effect<A, E, R> => {
    let record: CallRecord | undefined
    const begun = (begun: CallRecord) => {
      record = begun
    }
    return Effect.catch(
      run({ ...call, begun, ...cause === undefined ? {} : { cause } }),
      (error) =>
        Effect.flatMap(decide(record, { failure: failureOf(error), retries, began }), (decided) => {
          if (decided === undefined) return Effect.fail(error)
          return Effect.andThen(
            wait(record, decided.payload.delay_ms),
            Effect.suspend(() => attempt(began, retries + 1, decided.event))
          )
        })
    )
  }
  return Effect.flatMap(Clock.currentTimeMillis, (began) => attempt(began, 0, call.cause))
}

/** Who watches reads of it meanwhile. A verification does not wait. */
const wait = (record: CallRecord | undefined, milliseconds: number): Effect.Effect<void> =>
  Effect.flatMap(
    Decision.isRecorded,
    (isRecorded) =>
      isRecorded ? Effect.void : Effect.andThen(record?.recording.flush ?? Effect.void, Effect.sleep(milliseconds))
  )
