/** A breaker for each of several keys: one that fails again and again rests, and the others go on. */
import { Effect } from "effect"
import type { Clock } from "effect"
import type { KeyPool } from "../authentication/KeyPool.ts"
import type { Ending } from "./AnswerEnd.ts"
import type { BreakerConfig, Change } from "./Breaker.ts"
import { Breaker, counts } from "./Breaker.ts"
import type { CallFailure } from "./CallFailure.ts"

export class KeyBreakers {
  readonly #config: BreakerConfig
  readonly #clock: Clock.Clock
  readonly #keys: KeyPool
  readonly #breakers = new Map<string, Breaker>()

  constructor(config: BreakerConfig, keys: KeyPool, clock: Clock.Clock) {
    this.#config = config
    this.#clock = clock
    this.#keys = keys
  }

  get config(): BreakerConfig {
    return this.#config
  }

  #of(key: string): Breaker {
    const breaker = this.#breakers.get(key) ?? new Breaker(this.#config, this.#clock)
    this.#breakers.set(key, breaker)
    return breaker
  }

  #report(key: string, isFailure: boolean): Effect.Effect<Change> {
    const breaker = this.#of(key)
    // A key that has rested is tried again: how that ends decides.
    if (breaker.status === "half_open") breaker.admit()
    const change = isFailure ? breaker.failed() : breaker.worked()
    return breaker.status === "open"
      ? Effect.as(this.#keys.report(key, { _tag: "Rests", for: this.#config.open_ms }), change)
      : Effect.succeed(change)
  }

  failed(key: string, failure: CallFailure): Effect.Effect<Change> {
    return Effect.suspend(() => this.#report(key, counts(failure)))
  }

  ended(key: string, how: Ending): Effect.Effect<Change> {
    return Effect.suspend(() => how === "left" ? Effect.undefined : this.#report(key, how === "broken"))
  }
}
