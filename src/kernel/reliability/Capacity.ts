/** How much may run: of a whole provider, or of each of its keys. */
import type { Limits } from "./LimitsConfiguration.ts"
import { UsedInMinute } from "./UsedInMinute.ts"

export type Reason = "concurrency" | "requests" | "tokens"

/** What stands in the way of a call now. */
export interface Obstacle {
  readonly reason: Reason
  /** Until it may be gone; 0: when another call ends. */
  readonly milliseconds: number
}

/** What a call has taken. */
export interface Taken {
  /** Of several keys, the one it is to go with. */
  readonly key?: string
  /** Gives it back; `tokens`: used in fact, where they are known. */
  readonly release: (tokens: number | undefined, now: number) => void
}

export interface Capacity {
  readonly obstacle: (now: number, tokens: number) => Obstacle | undefined
  readonly take: (now: number, tokens: number) => Taken
  readonly used: (now: number) => { readonly active: number; readonly requests: number; readonly tokens: number }
}

/** One for all calls. */
export const ofProvider = ({ concurrency = Infinity, requests_per_minute, tokens_per_minute }: Limits): Capacity => {
  const minute = new UsedInMinute({ requests: requests_per_minute ?? Infinity, tokens: tokens_per_minute ?? Infinity })
  let active = 0
  return {
    obstacle: (now, tokens) =>
      minute.wait(now, tokens) ?? (active >= concurrency ? { reason: "concurrency", milliseconds: 0 } : undefined),
    take: (now, tokens) => {
      active++
      const use = minute.add(now, tokens)
      return {
        release: (spent, now) => {
          active--
          if (spent !== undefined) minute.correct(use, spent, now)
        }
      }
    },
    used: (now) => ({ active, ...minute.used(now) })
  }
}

/** The soonest goes first; who waits for another call to end may go at any time. */
const soonest = (one: Obstacle, other: Obstacle): Obstacle => other.milliseconds < one.milliseconds ? other : one

/**
 * One for each key: a call goes with the next key in turn that has room. `usable`: names of the keys that may be used now,
 * the next in turn first; where there is none, nothing stands in the way, and the keys themselves say so.
 */
export const ofKeys = (limits: Limits, usable: (now: number) => ReadonlyArray<string>): Capacity => {
  const keys = new Map<string, Capacity>()
  const of = (name: string): Capacity => {
    const capacity = keys.get(name) ?? ofProvider(limits)
    keys.set(name, capacity)
    return capacity
  }
  const free = (now: number, tokens: number) => usable(now).find((name) => of(name).obstacle(now, tokens) === undefined)
  return {
    obstacle: (now, tokens) => {
      const names = usable(now)
      const obstacles = names.flatMap((name) => of(name).obstacle(now, tokens) ?? [])
      return obstacles.length < names.length || names.length === 0 ? undefined : obstacles.reduce(soonest)
    },
    take: (now, tokens) => {
      const key = free(now, tokens)
      return key === undefined ? { release: () => undefined } : { ...of(key).take(now, tokens), key }
    },
    used: (now) =>
      [...keys.values()].map((capacity) => capacity.used(now)).reduce(
        (sum, each) => ({
          active: sum.active + each.active,
          requests: sum.requests + each.requests,
          tokens: sum.tokens + each.tokens
        }),
        { active: 0, requests: 0, tokens: 0 }
      )
  }
}
