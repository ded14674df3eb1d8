/** Several keys of one vendor, used in turn: one that is refused is left out, one that is limited rests. */
import { Clock, Effect, Redacted } from "effect"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import type { AuthenticationFailed } from "./AuthenticationFailed.ts"
import type { KeySource } from "./ConfiguredKeys.ts"
import * as RotatingSecret from "./RotatingSecret.ts"

/** How a call with a key ended, as far as it concerns the key. */
export type KeyOutcome = { readonly _tag: "Works" } | { readonly _tag: "Refused" } | {
  readonly _tag: "Rests"
  /** Milliseconds. */
  readonly for: number
}

export interface Chosen {
  readonly name: string
  readonly value: Redacted.Redacted
}

export interface KeyState {
  readonly name: string
  readonly status: "healthy" | "resting" | "refused"
  /** Milliseconds until it may be used again; null: it may, or nobody knows. */
  readonly rests_ms: number | null
}

interface Kept {
  readonly source: KeySource
  readonly isSecret: (value: string) => void
  value: Redacted.Redacted | undefined
  /** Milliseconds since 1970. */
  restsUntil: number
  /** When it was refused, milliseconds since 1970; undefined: it is not. */
  refusedAt: number | undefined
}

export interface KeyPool {
  /** The next in turn. Where all are refused, the one that was so longest ago: perhaps it is taken again. */
  readonly choose: Effect.Effect<Chosen, AuthenticationFailed>
  /** The same without taking a turn: for what is no call, such as a list of models. */
  readonly current: Effect.Effect<Chosen, AuthenticationFailed>
  /** The key of a name, which is its turn. One that can't be read is left out, and the next is taken. */
  readonly take: (name: string) => Effect.Effect<Chosen, AuthenticationFailed>
  /** Names of those that are neither refused nor resting at a time, the next in turn first. */
  readonly usable: (now: number) => ReadonlyArray<string>
  /** Says how a call with a key ended. */
  readonly report: (name: string, outcome: KeyOutcome) => Effect.Effect<void>
  /** Whether another call could go with a key that is neither refused nor resting. */
  readonly hasUsable: Effect.Effect<boolean>
  /** Milliseconds until one may be used; undefined: now. */
  readonly rests: Effect.Effect<number | undefined>
  readonly states: Effect.Effect<ReadonlyArray<KeyState>>
  readonly size: number
}

const stateOf = ({ refusedAt, restsUntil, source: { name } }: Kept, now: number): KeyState => {
  if (refusedAt !== undefined) return { name, status: "refused", rests_ms: null }
  return restsUntil > now
    ? { name, status: "resting", rests_ms: restsUntil - now }
    : { name, status: "healthy", rests_ms: null }
}

export const make = Effect.fnUntraced(function*(sources: ReadonlyArray<KeySource>): Effect.fn.Return<KeyPool> {
  const secrets = yield* ConfiguredSecrets
  const keys = sources.map((source): Kept => ({
    source,
    isSecret: RotatingSecret.make(secrets),
    value: undefined,
    restsUntil: 0,
    refusedAt: undefined
  }))
  let turn = 0

  const isUsable = ({ refusedAt, restsUntil }: Kept, now: number) => refusedAt === undefined && restsUntil <= now

  const valueOf = (kept: Kept) =>
    kept.value === undefined
      ? Effect.map(kept.source.read, (value) => {
        kept.isSecret(Redacted.value(value))
        return kept.value = value
      })
      : Effect.succeed(kept.value)

  const next = (now: number, takesTurn: boolean): Kept => {
    for (let offset = 0; offset < keys.length; offset++) {
      const kept = keys[(turn + offset) % keys.length]!
      if (isUsable(kept, now)) {
        if (takesTurn) turn = (turn + offset + 1) % keys.length
        return kept
      }
    }
    return keys.toSorted((one, other) => (one.refusedAt ?? 0) - (other.refusedAt ?? 0))[0]!
  }

  /** A key that is read somewhere may have been replaced there. */
  const renewed = (kept: Kept): Effect.Effect<boolean> =>
    kept.source.changes
      ? Effect.match(kept.source.read, {
        onFailure: () => false,
        onSuccess: (value) => {
          const isOther = kept.value === undefined || Redacted.value(value) !== Redacted.value(kept.value)
          kept.isSecret(Redacted.value(value))
          kept.value = value
          return isOther
        }
      })
      : Effect.succeed(false)

  /** One that can't be read is left out, too. */
  const choose = (takesTurn: boolean, attempts = keys.length): Effect.Effect<Chosen, AuthenticationFailed> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const kept = next(now, takesTurn)
      return Effect.matchEffect(valueOf(kept), {
        onSuccess: (value) => Effect.succeed({ name: kept.source.name, value }),
        onFailure: (error) => {
          kept.refusedAt = now
          return attempts > 1 ? choose(takesTurn, attempts - 1) : Effect.fail(error)
        }
      })
    })

  return {
    size: keys.length,
    choose: Effect.suspend(() => choose(true)),
    current: Effect.suspend(() => choose(false)),
    usable: (now) =>
      keys.map((_, offset) => keys[(turn + offset) % keys.length]!).filter((kept) => isUsable(kept, now))
        .map(({ source }) => source.name),
    take: (name) =>
      Effect.suspend(() => {
        const index = keys.findIndex(({ source }) => source.name === name)
        if (index >= 0) turn = index
        return choose(true)
      }),
    report: (name, outcome) => {
      const kept = keys.find(({ source }) => source.name === name)
      if (kept === undefined) return Effect.void
      if (outcome._tag === "Works") {
        kept.refusedAt = undefined
        return Effect.void
      }
      return Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (outcome._tag === "Rests") {
          kept.restsUntil = Math.max(kept.restsUntil, now + outcome.for)
          return Effect.void
        }
        kept.refusedAt = now
        return Effect.map(renewed(kept), (isOther) => {
          if (isOther) kept.refusedAt = undefined
        })
      })
    },
    hasUsable: Effect.map(Clock.currentTimeMillis, (now) => keys.some((kept) => isUsable(kept, now))),
    rests: Effect.map(Clock.currentTimeMillis, (now) => {
      const taken = keys.filter(({ refusedAt }) => refusedAt === undefined)
      if (taken.length === 0 || taken.some((kept) => isUsable(kept, now))) return undefined
      return Math.min(...taken.map(({ restsUntil }) => restsUntil)) - now
    }),
    states: Effect.map(Clock.currentTimeMillis, (now) => keys.map((kept) => stateOf(kept, now)))
  }
})
