/** Keeps calls from a provider that fails again and again, and lets one through now and then to see whether it is back. */
import { Schema } from "effect"
import type { Clock } from "effect"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { maximumTimerMs, whole } from "../provider/FieldSchema.ts"
import type { CallFailure } from "./CallFailure.ts"

const Config = Schema.Struct({
  per: Schema.optionalKey(
    Schema.Literals(["provider", "key"]).annotate({
      expected: "provider or key",
      description: "What is left in peace: the provider, or each of its api_keys by itself. Default provider."
    })
  ),
  failures: whole(1, 1_000_000, { description: "So many failures within the window open it. Default 5.", default: 5 }),
  window_ms: whole(1, maximumTimerMs, {
    description: "The window in which failures count, milliseconds. Default 30000.",
    default: 30_000
  }),
  open_ms: whole(1, maximumTimerMs, {
    description:
      "So long nobody is asked, milliseconds; then one call is let through, and its end decides. Default 30000.",
    default: 30_000
  })
}).annotate({ expected: "a mapping with failures, window_ms or open_ms" })

export type BreakerConfig = typeof Config.Type

export const field = Schema.optionalKey(Config).annotate({
  description:
    "Leaves a provider in peace that is down, overloaded or late again and again: its calls fail at once with " +
    "503, or go to the next target of their model. Absent: it is always asked."
}).pipe(FieldPrompt.annotate({ prompt: "Circuit breaker (failures, window_ms, open_ms)" }))

export type BreakerStatus = "closed" | "open" | "half_open"

/** What a call's end changes. */
export type Change = "opened" | "closed" | undefined

/** What says that the provider is not well, and not the request or the account. */
const kinds: ReadonlySet<CallFailure["kind"]> = new Set(["unavailable", "overloaded", "network", "timeout"])

export const counts = ({ kind }: CallFailure): boolean => kinds.has(kind)

export class Breaker {
  readonly config: BreakerConfig
  readonly #clock: Clock.Clock
  #failures: ReadonlyArray<number> = []
  /** Milliseconds since 1970; undefined: it is closed. */
  #openUntil: number | undefined
  #probes = false

  constructor(config: BreakerConfig, clock: Clock.Clock) {
    this.config = config
    this.#clock = clock
  }

  get #now(): number {
    return this.#clock.currentTimeMillisUnsafe()
  }

  get status(): BreakerStatus {
    if (this.#openUntil === undefined) return "closed"
    return this.#openUntil > this.#now ? "open" : "half_open"
  }

  /** Failures that count now. */
  get failures(): number {
    const since = this.#now - this.config.window_ms
    return this.#failures.filter((at) => at > since).length
  }

  /** Milliseconds until it is worth another try; undefined: the call goes. */
  admit(): number | undefined {
    if (this.#openUntil === undefined) return undefined
    const left = this.#openUntil - this.#now
    if (left > 0) return left
    if (this.#probes) return Math.min(1000, this.config.open_ms)
    this.#probes = true
    return undefined
  }

  failed(): Change {
    const now = this.#now
    if (this.#openUntil !== undefined) {
      const wasProbe = this.#probes
      this.#probes = false
      if (wasProbe) this.#openUntil = now + this.config.open_ms
      return undefined
    }
    this.#failures = [...this.#failures.filter((at) => at > now - this.config.window_ms), now]
    if (this.#failures.length < this.config.failures) return undefined
    this.#openUntil = now + this.config.open_ms
    return "opened"
  }

  /** The provider has answered, also with a refusal. */
  worked(): Change {
    if (this.#openUntil === undefined) return undefined
    // What was asked before it opened says nothing of now.
    if (!this.#probes) return undefined
    this.#probes = false
    this.#openUntil = undefined
    this.#failures = []
    return "closed"
  }

  /** Nobody knows what the call would have come to. */
  left(): void {
    this.#probes = false
  }
}
