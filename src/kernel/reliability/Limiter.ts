/** Lets so many calls go at once and in a minute; the others wait in order, as many as may and as long as they may. */
import { Deferred, Effect } from "effect"
import type { Clock } from "effect"
import type { Capacity, Obstacle, Reason } from "./Capacity.ts"
import { ofProvider } from "./Capacity.ts"
import type { Limits } from "./LimitsConfiguration.ts"

export type { Reason } from "./Capacity.ts"

/** A call that goes: it is to be given back. */
export interface Permit {
  /** Of several keys, the one it is to go with; undefined: any. */
  readonly key?: string | undefined
  /** `tokens`: used in fact, where they are known. Only the first time counts. */
  readonly release: (tokens: number | undefined) => void
}

/** Why a call does not go. */
export interface Full {
  readonly reason: Reason
  /** Milliseconds until it is worth another try. */
  readonly retryAfter: number
}

export interface Waiting {
  readonly reason: Reason
  /** Its place in the queue, from 1. */
  readonly place: number
  readonly active: number
  /** Fails where it would wait, or has waited, longer than it may. */
  readonly turn: Effect.Effect<Permit, Full>
  /** Leaves the queue, whether its turn has come or not; what it took and does not use is given back. */
  readonly leave: (isUsed: boolean) => void
}

/** What becomes of a call now. */
export type Admission =
  | { readonly _tag: "Goes"; readonly permit: Permit }
  | { readonly _tag: "Waits"; readonly waiting: Waiting }
  | { readonly _tag: "Full"; readonly full: Full }

export interface LimiterState {
  readonly active: number
  readonly waiting: number
  readonly requests_in_minute: number
  readonly tokens_in_minute: number
}

/** Nobody knows when a call ends: that is asked again after a second. */
const usualEnd = 1000

interface Waiter {
  readonly tokens: number
  /** Something may have changed for it. */
  wake: Deferred.Deferred<void>
  permit: Permit | undefined
}

export class Limiter {
  readonly limits: Limits
  readonly #clock: Clock.Clock
  readonly #capacity: Capacity
  readonly #waiting: Array<Waiter> = []

  /** `capacity`: default, that of one provider. */
  constructor(limits: Limits, clock: Clock.Clock, capacity: Capacity = ofProvider(limits)) {
    this.limits = limits
    this.#clock = clock
    this.#capacity = capacity
  }

  /** What stands in the way of a call now. */
  #obstacle(now: number, tokens: number): Obstacle | undefined {
    return this.#capacity.obstacle(now, tokens)
  }

  #wakeFirst(): void {
    const first = this.#waiting[0]
    if (first !== undefined) Deferred.doneUnsafe(first.wake, Effect.void)
  }

  #permit(now: number, tokens: number): Permit {
    const taken = this.#capacity.take(now, tokens)
    let released = false
    return {
      key: taken.key,
      release: (spent) => {
        if (released) return
        released = true
        taken.release(spent, this.#now)
        this.#wakeFirst()
      }
    }
  }

  #turn(waiter: Waiter): Effect.Effect<Permit, Full> {
    const { max_wait_ms } = this.limits
    const attempt = (until: number): Effect.Effect<Permit, Full> =>
      Effect.suspend(() => {
        const now = this.#now
        const isFirst = this.#waiting[0] === waiter
        const obstacle = this.#obstacle(now, waiter.tokens)
        if (isFirst && obstacle === undefined) return Effect.succeed(waiter.permit = this.#permit(now, waiter.tokens))
        const { milliseconds, reason } = obstacle ?? { reason: "concurrency", milliseconds: 0 }
        const left = until - now
        if (left <= 0 || (isFirst && milliseconds > left)) {
          return Effect.fail({ reason, retryAfter: milliseconds > 0 ? milliseconds : usualEnd })
        }
        const longest = isFirst && milliseconds > 0 ? Math.min(milliseconds, left) : left
        waiter.wake = Deferred.makeUnsafe()
        return Effect.andThen(
          Effect.raceFirst(Effect.sleep(longest), Deferred.await(waiter.wake)),
          Effect.suspend(() => attempt(until))
        )
      })
    return Effect.suspend(() => attempt(this.#now + max_wait_ms))
  }

  #leave(waiter: Waiter, isUsed: boolean): void {
    const index = this.#waiting.indexOf(waiter)
    if (index >= 0) this.#waiting.splice(index, 1)
    if (!isUsed) waiter.permit?.release(undefined)
    this.#wakeFirst()
  }

  get #now(): number {
    return this.#clock.currentTimeMillisUnsafe()
  }

  /** Asks for one call that needs about so many tokens. Who is to wait stands in the queue from here on. */
  admit(tokens: number): Admission {
    const now = this.#now
    const { max_wait_ms, queue } = this.limits
    const obstacle = this.#obstacle(now, tokens)
    if (obstacle === undefined && this.#waiting.length === 0) return { _tag: "Goes", permit: this.#permit(now, tokens) }
    const { milliseconds, reason } = obstacle ?? { reason: "concurrency", milliseconds: 0 }
    if (this.#waiting.length >= queue || milliseconds > max_wait_ms) {
      return { _tag: "Full", full: { reason, retryAfter: milliseconds > 0 ? milliseconds : usualEnd } }
    }
    const waiter: Waiter = { tokens, wake: Deferred.makeUnsafe(), permit: undefined }
    const place = this.#waiting.push(waiter)
    const leave = (isUsed: boolean) => this.#leave(waiter, isUsed)
    return {
      _tag: "Waits",
      waiting: { reason, place, active: this.#capacity.used(now).active, turn: this.#turn(waiter), leave }
    }
  }

  get state(): LimiterState {
    const { active, requests, tokens } = this.#capacity.used(this.#now)
    return {
      active,
      waiting: this.#waiting.length,
      requests_in_minute: requests,
      tokens_in_minute: tokens
    }
  }
}
