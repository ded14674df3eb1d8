/** What stands between a request and its provider where a configuration asks for it: retries, keys, limits, a breaker. */
import { Clock, Effect, Exit } from "effect"
import type { Cause } from "effect"
import { textOrNull } from "../../events/types/JsonAccess.ts"
import type { KeyPool } from "../authentication/KeyPool.ts"
import type { Call } from "../calls/Call.ts"
import type { CallRecord } from "../calls/CallRecord.ts"
import * as Decision from "../calls/Decision.ts"
import type { OnEnd } from "./AnswerEnd.ts"
import type { Started } from "./AnswerStart.ts"
import type { Breaker } from "./Breaker.ts"
import * as BreakerReports from "./BreakerReports.ts"
import type { CallFailure } from "./CallFailure.ts"
import type { KeyBreakers } from "./KeyBreakers.ts"
import * as Limited from "./Limited.ts"
import type { Limiter, Permit } from "./Limiter.ts"
import * as RateLimits from "./RateLimits.ts"
import type { Refusal } from "./Refusal.ts"
import * as Retry from "./Retry.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"

/** Of one provider instance. */
export interface Reliability {
  readonly retry?: RetryPolicy
  /** Used in turn. */
  readonly keys?: KeyPool
  readonly limiter?: Limiter
  readonly breaker?: Breaker
  /** In the place of `breaker`: one for each key. */
  readonly keyBreakers?: KeyBreakers
  /** What its vendor has last said of its own limits. */
  readonly vendor: { limits: RateLimits.RateLimits | undefined }
}

export interface Options<A, E, R> {
  /** Asked for outside of verifications alone: an instance may not run there, and the log decides. */
  readonly of: (() => Reliability) | undefined
  readonly call: Call<E>
  /** Makes one call. */
  readonly run: (call: Call<E>) => Effect.Effect<A, E, R>
  readonly failureOf: (error: E) => CallFailure
  /** Says to the client that the provider is not asked now. */
  readonly refused: (refusal: Refusal) => E
  readonly onEnd: OnEnd<A>
  /** Waits until something of an answer is there; asked where calls are made again. */
  readonly onStart: (answer: A) => Effect.Effect<Started<A, E>>
  /** The vendor's headers that come with an answer. */
  readonly headersOf: (answer: A) => Readonly<Record<string, string>>
}

/** An answer that is none, for who may read it all the same. */
interface Standing<A> {
  standing: A | undefined
  discard: (() => void) | undefined
}

/** One call: let through by the breaker, within the limits. */
const once = <A, E, R>(
  { call, failureOf, headersOf, onEnd, onStart, refused, run }: Options<A, E, R>,
  { breaker, keyBreakers, keys, limiter, vendor }: Partial<Reliability>,
  /** Undefined: it is not made again. */
  retried: Standing<A> | undefined
): Effect.Effect<A, E, R> => {
  let permit: Permit | undefined
  let record: CallRecord | undefined
  /** The breaker has let it through, and waits for its end. */
  let isAwaited = false
  const about = {
    provider: call.provider,
    model: textOrNull(call.common["model"]),
    input: call.input,
    vendor: vendor?.limits
  }
  const admission = (begun: CallRecord | undefined) =>
    Effect.suspend(() => {
      record = begun
      const open = breaker?.admit()
      if (open !== undefined) return Effect.fail(refused(BreakerReports.refusalOf(call.provider, open)))
      return Effect.mapBoth(
        Effect.onExit(Limited.admit(limiter, begun, about), (exit) =>
          Effect.sync(() => {
            isAwaited = Exit.isSuccess(exit)
            if (!isAwaited) breaker?.left()
          })),
        {
          onFailure: (full) => refused(Limited.refusalOf(limiter!, call.provider, full)),
          onSuccess: (given) => {
            permit = given
            if (begun !== undefined && given?.key !== undefined) begun.reservedKey = given.key
          }
        }
      )
    })
  /** A call for which no key was left has not reached its provider. */
  const isUnsent = () => keys !== undefined && record?.isSent === false
  const learn = (headers: Readonly<Record<string, string>>) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      if (vendor !== undefined) vendor.limits = RateLimits.of(headers, now) ?? vendor.limits
    })
  const asked = run({ ...call, admission })
  const started = ({ answer, broken, discard }: Started<A, E>): Effect.Effect<A, E> => {
    if (broken === undefined) return Effect.succeed(answer)
    if (retried !== undefined) {
      retried.standing = answer
      retried.discard = discard
    }
    return Effect.failCause(broken)
  }
  const begun = retried === undefined ? asked : Effect.flatMap(Effect.flatMap(asked, onStart), started)
  const failed = (cause: Cause.Cause<E>) => {
    permit?.release(undefined)
    if (keyBreakers !== undefined) return BreakerReports.keyFailed(keyBreakers, record, cause, failureOf)
    if (breaker === undefined || !isAwaited) return Effect.void
    return isUnsent()
      ? Effect.sync(() => breaker.left())
      : BreakerReports.failed(breaker, record, cause, failureOf)
  }
  return begun.pipe(
    Effect.onExit((exit) => Exit.isFailure(exit) ? failed(exit.cause) : Effect.void),
    Effect.tapError((error) => learn(failureOf(error).headers)),
    Effect.flatMap((answer) =>
      Effect.withFiber(({ context }) =>
        Effect.andThen(
          learn(headersOf(answer)),
          onEnd(answer, (how) => {
            permit?.release(Limited.tokensOf(record))
            if (keyBreakers !== undefined) {
              Effect.runForkWith(context)(BreakerReports.keyEnded(keyBreakers, record, how))
            }
            if (breaker === undefined || !isAwaited) return
            isAwaited = false
            Effect.runForkWith(context)(BreakerReports.ended(breaker, record, how))
          })
        )
      )
    )
  )
}

/** Makes a call as its provider's configuration says. Where that says nothing, it is the call and nothing else. */
export const run = <A, E, R>(options: Options<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) => {
    const { call, failureOf, of, run } = options
    const isRecorded = fiber.getRef(Decision.RecordedDecisions) !== undefined
    if (of === undefined && !isRecorded) return run(call)
    const reliability: Partial<Reliability> = isRecorded ? {} : of!()
    const { keys, retry } = reliability
    const retried: Standing<A> = { standing: undefined, discard: undefined }
    const discard = () => {
      retried.discard?.()
      retried.discard = undefined
      retried.standing = undefined
    }
    const made = Retry.run({
      policy: retry,
      keys,
      call,
      run: (call) =>
        Effect.suspend(() => {
          discard()
          return once({ ...options, call }, reliability, isRecorded || retry !== undefined ? retried : undefined)
        }),
      standing: () => retried.standing,
      failureOf
    })
    return Effect.onExit(made, (exit) => Exit.isFailure(exit) ? Effect.sync(discard) : Effect.void)
  })
