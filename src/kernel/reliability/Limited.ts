/** A call that waits until its provider's limits let it go, and gives back what it took when its answer has ended. */
import { Effect, Exit } from "effect"
import { field, numberOrNull } from "../../events/types/JsonAccess.ts"
import type { CallRecord } from "../calls/CallRecord.ts"
import * as Decision from "../calls/Decision.ts"
import type { Full, Limiter, Permit, Reason, Waiting } from "./Limiter.ts"
import type { RateLimits } from "./RateLimits.ts"
import type { Refusal } from "./Refusal.ts"
import * as ReliabilityEvents from "./ReliabilityEvents.ts"

/** Bytes of JSON that are about a token. */
const bytesOfToken = 4

const words: Readonly<Record<Reason, (limiter: Limiter) => string>> = {
  concurrency: ({ limits }) => `${limits.concurrency} calls at once`,
  requests: ({ limits }) => `${limits.requests_per_minute} requests a minute`,
  tokens: ({ limits }) => `${limits.tokens_per_minute} tokens a minute`
}

export interface Asked {
  readonly provider: string
  readonly model: string | null
  /** The request as JSON text: asked for where tokens are limited. */
  readonly input: () => string
  /** What the vendor has last said of its own limits. */
  readonly vendor: RateLimits | undefined
}

export const refusalOf = (limiter: Limiter, provider: string, { reason, retryAfter }: Full): Refusal => ({
  provider,
  status: 429,
  code: "provider_limit",
  retryAfter,
  message:
    `The provider ${provider} is limited here to ${words[reason](limiter)}, and no place in the queue is left in ` +
    `time. Try again in ${retryAfter} ms, or raise its limits.`
})

/** Waits for the turn. Whoever leaves leaves the queue. */
const turnOf = (
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>,
  { leave, turn }: Waiting
): Effect.Effect<Permit, Full> => Effect.onExit(restore(turn), (exit) => Effect.sync(() => leave(Exit.isSuccess(exit))))

/** Gives the permit; undefined in a verification, where nobody waits and what was decided is repeated. */
export const admit = (
  limiter: Limiter | undefined,
  record: CallRecord | undefined,
  { input, model, provider, vendor }: Asked
): Effect.Effect<Permit | undefined, Full> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      if (limiter === undefined) {
        yield* Decision.make(record, ReliabilityEvents.Throttle, Effect.undefined)
        return undefined
      }
      const tokens = limiter.limits.tokens_per_minute === undefined ? 0 : Math.ceil(input().length / bytesOfToken)
      const admission = limiter.admit(tokens)
      if (admission._tag === "Goes") return admission.permit
      if (admission._tag === "Full") return yield* Effect.fail(admission.full)
      const { waiting } = admission
      const { active, place, reason } = waiting
      record?.emit(ReliabilityEvents.Throttle, { provider, model, reason, place, active, vendor: vendor ?? null })
      if (record !== undefined) yield* record.recording.flush
      return yield* turnOf(restore, waiting)
    })
  )

/** Tokens as the vendor has counted them, where it has. */
export const tokensOf = (record: CallRecord | undefined): number | undefined =>
  numberOrNull(field(field(record?.summary, "usage"), "total_tokens")) ?? undefined
