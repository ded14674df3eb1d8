/** Makes a call again that failed in a way that may pass, or for its key. Each attempt is a call of its own. */
import { Clock, Effect, Random } from "effect"
import { textOrNull } from "../../events/types/JsonAccess.ts"
import type { KeyPool } from "../authentication/KeyPool.ts"
import type { Call } from "../calls/Call.ts"
import type { CallRecord } from "../calls/CallRecord.ts"
import * as Decision from "../calls/Decision.ts"
import type { CallFailure } from "./CallFailure.ts"
import * as KeyHealth from "./KeyHealth.ts"
import * as ReliabilityEvents from "./ReliabilityEvents.ts"
import * as RetryAfter from "./RetryAfter.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"
import { delayOf } from "./RetryPolicy.ts"

export interface Options<A, E, R> {
  /** Undefined: nothing is made again for time alone. */
  readonly policy: RetryPolicy | undefined
  readonly keys: KeyPool | undefined
  readonly call: Call<E>
  readonly run: (call: Call<E>) => Effect.Effect<A, E, R>
  /** The answer that broke off at its beginning, which stands where it is not asked for again. */
  readonly standing: () => A | undefined
  readonly failureOf: (error: E) => CallFailure
}

/** What has been done for a call before. */
interface Attempted {
  readonly began: number
  /** After a wait. */
  readonly retries: number
  /** With another key, at once. */
  readonly keyChanges: number
  /** Id of the event that led to this attempt. */
  readonly cause: string | undefined
}

interface Next {
  readonly delay_ms: number
  readonly retryAfter: number | undefined
  /** The key that is out; null: it is waited. */
  readonly key: string | null
}

/** The wait that is to be, or undefined: the failure stands. */
const waitFor = (policy: RetryPolicy, { headers, retryable }: CallFailure, { began, retries }: Attempted) =>
  Effect.gen(function*() {
    if (!retryable || retries >= policy.max_retries) return undefined
    const now = yield* Clock.currentTimeMillis
    const retryAfter = RetryAfter.of(headers, now)
    const delay_ms = delayOf(policy, { retries, retryAfter, random: yield* Random.next })
    return now + delay_ms - began > policy.deadline_ms ? undefined : { delay_ms, retryAfter, key: null }
  })

/** Another key is used at once, each at most once for a call; else it is waited. */
const nextFor = (
  { keys, policy }: Pick<Options<unknown, unknown, unknown>, "keys" | "policy">,
  record: CallRecord | undefined,
  failure: CallFailure,
  attempted: Attempted
): Effect.Effect<Next | undefined> =>
  Effect.gen(function*() {
    const key = record?.key
    if (keys !== undefined && key !== undefined) {
      const isOut = yield* KeyHealth.report(keys, key, failure)
      if (isOut && attempted.keyChanges < keys.size) return { delay_ms: 0, retryAfter: undefined, key }
    }
    return policy === undefined ? undefined : yield* waitFor(policy, failure, attempted)
  })

/** Who watches reads of it meanwhile. A verification does not wait. */
const wait = (record: CallRecord | undefined, milliseconds: number): Effect.Effect<void> =>
  Effect.flatMap(Decision.isRecorded, (isRecorded) =>
    isRecorded || milliseconds === 0
      ? Effect.void
      : Effect.andThen(record?.recording.flush ?? Effect.void, Effect.sleep(milliseconds)))

export const run = <A, E, R>(options: Options<A, E, R>): Effect.Effect<A, E, R> => {
  const { call, failureOf, keys, policy, run, standing } = options

  const decide = (record: CallRecord | undefined, failure: CallFailure, attempted: Attempted) =>
    Decision.make(
      record,
      ReliabilityEvents.Retry,
      Effect.map(nextFor(options, record, failure, attempted), (next) =>
        next === undefined ? undefined : {
          provider: call.provider,
          model: textOrNull(call.common["model"]),
          attempt: attempted.retries + attempted.keyChanges + 1,
          max_retries: policy?.max_retries ?? 0,
          delay_ms: next.delay_ms,
          retry_after: next.retryAfter === undefined ? null : next.retryAfter / 1000,
          key: next.key,
          error: { type: failure.type, message: failure.message }
        })
    )

  const attempt = (attempted: Attempted): Effect.Effect<A, E, R> => {
    let record: CallRecord | undefined
    const begun = (begun: CallRecord) => {
      record = begun
    }
    const { cause } = attempted
    return Effect.matchEffect(run({ ...call, begun, ...cause === undefined ? {} : { cause } }), {
      onFailure: (error) =>
        Effect.flatMap(decide(record, failureOf(error), attempted), (decided) => {
          if (decided === undefined) {
            const answer = standing()
            return answer === undefined ? Effect.fail(error) : Effect.succeed(answer)
          }
          const { delay_ms, key } = decided.payload
          const next = key === null
            ? { ...attempted, retries: attempted.retries + 1 }
            : { ...attempted, keyChanges: attempted.keyChanges + 1 }
          return Effect.andThen(
            wait(record, delay_ms),
            Effect.suspend(() => attempt({ ...next, cause: decided.event }))
          )
        }),
      onSuccess: (answer) => {
        const key = record?.key
        return keys === undefined || key === undefined
          ? Effect.succeed(answer)
          : Effect.as(KeyHealth.report(keys, key, undefined), answer)
      }
    })
  }
  return Effect.flatMap(
    Clock.currentTimeMillis,
    (began) => attempt({ began, retries: 0, keyChanges: 0, cause: call.cause })
  )
}
