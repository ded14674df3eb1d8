/** Says to a breaker how a call ended, and to the log what it makes of it. */
import { Cause, Effect } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { CurrentTenant, defaultTenant } from "../../events/types/Tenant.ts"
import type { CallRecord } from "../calls/CallRecord.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import { changeOrigin } from "../system/ChangeOrigin.ts"
import type { Ending } from "./AnswerEnd.ts"
import type { Breaker, Change } from "./Breaker.ts"
import { counts } from "./Breaker.ts"
import * as BreakerEvents from "./BreakerEvents.ts"
import type { CallFailure } from "./CallFailure.ts"
import type { KeyBreakers } from "./KeyBreakers.ts"
import type { Refusal } from "./Refusal.ts"

/** A provider is the server's, whoever finds out: it stands beside the other events of providers. */
const publish = (
  { config }: Pick<Breaker, "config">,
  record: CallRecord,
  change: NonNullable<Change>,
  key: { readonly key?: string } = {}
) =>
  Effect.gen(function*() {
    const { provider } = record.call
    const { failures, open_ms, window_ms } = config
    const origin = yield* changeOrigin
    const draft = yield* Effect.provideService(
      change === "opened"
        ? Draft.make(BreakerEvents.Opened, { provider, failures, window_ms, open_ms, ...key }, { provider })
        : Draft.make(BreakerEvents.Closed, { provider, ...key }, { provider }),
      CurrentTenant,
      defaultTenant
    )
    yield* record.recording.options.hub.publish(ProviderEvents.stream, [{ ...draft, ...origin }])
  })

/** Of a call that failed. */
export const failed = <E>(
  breaker: Breaker,
  record: CallRecord | undefined,
  cause: Cause.Cause<E>,
  failureOf: (error: E) => CallFailure
): Effect.Effect<void> =>
  Effect.suspend(() => {
    const error = Cause.findErrorOption(cause)
    if (error._tag === "None") {
      breaker.left()
      return Effect.void
    }
    const change = counts(failureOf(error.value)) ? breaker.failed() : breaker.worked()
    return change === undefined || record === undefined ? Effect.void : publish(breaker, record, change)
  })

/** Of an answer, when it has ended: one that breaks off midway is a failure, too. */
export const ended = (breaker: Breaker, record: CallRecord | undefined, how: Ending): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (how === "left") {
      breaker.left()
      return Effect.void
    }
    const change = how === "broken" ? breaker.failed() : breaker.worked()
    return change === undefined || record === undefined ? Effect.void : publish(breaker, record, change)
  })

/** Says to the breaker of the key how a call with it ended. */
const ofKey = (
  breakers: KeyBreakers,
  record: CallRecord | undefined,
  reported: (key: string) => Effect.Effect<Change>
): Effect.Effect<void> => {
  const key = record?.key
  if (record === undefined || key === undefined) return Effect.void
  return Effect.flatMap(
    reported(key),
    (change) => change === undefined ? Effect.void : publish(breakers, record, change, { key })
  )
}

export const keyFailed = <E>(
  breakers: KeyBreakers,
  record: CallRecord | undefined,
  cause: Cause.Cause<E>,
  failureOf: (error: E) => CallFailure
): Effect.Effect<void> => {
  const error = Cause.findErrorOption(cause)
  return error._tag === "None"
    ? Effect.void
    : ofKey(breakers, record, (key) => breakers.failed(key, failureOf(error.value)))
}

export const keyEnded = (breakers: KeyBreakers, record: CallRecord | undefined, how: Ending): Effect.Effect<void> =>
  ofKey(breakers, record, (key) => breakers.ended(key, how))

export const refusalOf = (provider: string, retryAfter: number): Refusal => ({
  provider,
  status: 503,
  code: "breaker_open",
  retryAfter,
  message: `The provider ${provider} has failed again and again, and is not asked for another ${retryAfter} ms.`
})
