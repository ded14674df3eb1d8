/** A token that is fetched when it is first needed, by one at a time, and again before it ends. */
import { Clock, Duration, Effect, Redacted, Semaphore } from "effect"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import type { AuthenticationFailed } from "./AuthenticationFailed.ts"
import * as RotatingSecret from "./RotatingSecret.ts"

export interface Token {
  readonly value: Redacted.Redacted
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

interface Kept extends Token {
  /** From then on another is fetched. */
  readonly refreshAt: number
}

/** So long before its end it is replaced; one that lives shortly, at half of its life. */
const margin = Duration.toMillis(Duration.minutes(5))

const keptOf = (token: Token, now: number): Kept => ({
  ...token,
  refreshAt: token.endsAt - Math.min(margin, Math.max(0, token.endsAt - now) / 2)
})

/**
 * Gives the token there is, or fetches one. Who waited while a fetch failed fails with it; while a token still holds, a
 * failure to replace it is nobody's.
 */
export const make = Effect.fnUntraced(function*(
  fetch: Effect.Effect<Token, AuthenticationFailed>
): Effect.fn.Return<Effect.Effect<Redacted.Redacted, AuthenticationFailed>> {
  const isSecret = RotatingSecret.make(yield* ConfiguredSecrets)
  const oneAtATime = Semaphore.makeUnsafe(1)
  let kept: Kept | undefined
  let failed: { readonly at: number; readonly error: AuthenticationFailed } | undefined

  const renew = (since: number): Effect.Effect<Redacted.Redacted, AuthenticationFailed> =>
    Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      if (kept !== undefined && now < kept.refreshAt) return kept.value
      const held = kept !== undefined && now < kept.endsAt ? kept : undefined
      if (failed !== undefined && failed.at > since) return held?.value ?? (yield* failed.error)
      return yield* Effect.matchEffect(fetch, {
        onSuccess: (token) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            isSecret(Redacted.value(token.value))
            kept = keptOf(token, now)
            return token.value
          }),
        onFailure: (error) =>
          Effect.flatMap(Clock.currentTimeMillis, (at) => {
            failed = { at, error }
            return held === undefined ? Effect.fail(error) : Effect.succeed(held.value)
          })
      })
    })

  return Effect.flatMap(Clock.currentTimeMillis, (now) =>
    kept !== undefined && now < kept.refreshAt
      ? Effect.succeed(kept.value)
      : oneAtATime.withPermit(renew(now)))
})
