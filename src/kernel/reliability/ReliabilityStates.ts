/** How it stands around the calls of each provider now, for who looks at the server. */
import { Context, Effect, Schema } from "effect"
import { RateLimits } from "./RateLimits.ts"
import type { Reliability } from "./Reliability.ts"

const Key = Schema.Struct({
  name: Schema.String.annotate({ description: "Its name or, where it has none, its place: `#1`." }),
  status: Schema.Literals(["healthy", "resting", "refused"]).annotate({
    description: "resting: the vendor limits it; refused: the vendor does not take it."
  }),
  rests_ms: Schema.NullOr(Schema.Finite).annotate({ description: "Until it is used again, milliseconds." })
})

export const ProviderReliability = Schema.Struct({
  keys: Schema.Array(Key).annotate({ description: "Its several keys; empty: it has one, or none." }),
  limits: Schema.NullOr(Schema.Struct({
    active: Schema.Int.annotate({ description: "Calls that run." }),
    waiting: Schema.Int.annotate({ description: "Calls that wait for their turn." }),
    requests_in_minute: Schema.Int,
    tokens_in_minute: Schema.Finite
  })).annotate({ description: "null: it has no limits here." }),
  breaker: Schema.NullOr(Schema.Struct({
    status: Schema.Literals(["closed", "open", "half_open"]).annotate({
      description: "open: it is not asked; half_open: one call is let through, and its end decides."
    }),
    failures: Schema.Int.annotate({ description: "Within the window." })
  })).annotate({ description: "null: it has none." }),
  rate_limits: Schema.NullOr(RateLimits).annotate({
    description: "What its vendor has last said of its own limits, as it was then. null: nothing."
  })
}).annotate({ identifier: "ProviderReliability" })
export type ProviderReliability = typeof ProviderReliability.Type

/** By instance, as `api/provider_id`. Undefined where nobody looks, as in a verification. */
export const ReliabilityStates = Context.Reference<Map<string, Reliability> | undefined>(
  "strata/kernel/reliability/ReliabilityStates",
  { defaultValue: () => undefined }
)

export const stateOf = (
  { breaker, keys, limiter, vendor }: Reliability
): Effect.Effect<ProviderReliability> =>
  Effect.map(keys?.states ?? Effect.succeed([]), (keys) => ({
    keys,
    limits: limiter?.state ?? null,
    breaker: breaker === undefined ? null : { status: breaker.status, failures: breaker.failures },
    rate_limits: vendor.limits ?? null
  }))
