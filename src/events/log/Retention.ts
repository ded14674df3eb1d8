/** Keeps what raw and debug payloads take within limits, by age and by size. */
import { Clock, Duration, Effect } from "effect"
import type { EventDraft } from "../types/Envelope.ts"
import * as Draft from "./Draft.ts"
import { EventHub } from "./EventHub.ts"
import * as LogEvents from "./LogEvents.ts"
import type { PrunableLevel, Pruned } from "./PayloadRetention.ts"
import { PayloadRetention } from "./PayloadRetention.ts"

export interface Limits {
  /** Payloads older than this are removed; undefined: none for its age. */
  readonly maxAge: Duration.Duration | undefined
  /** The oldest payloads are removed until the rest takes no more; undefined: no bound. */
  readonly maxBytes: number | undefined
}

export interface Options {
  readonly debug: Limits
  readonly raw: Limits
  /** Time between two looks. */
  readonly interval: Duration.Duration
}

/** Events pruned in one transaction: requests wait for it. */
const batch = 200

const plus = (one: Pruned, other: Pruned): Pruned => ({
  events: one.events + other.events,
  bytes: one.bytes + other.bytes
})

const nothing: Pruned = { events: 0, bytes: 0 }

/** Who removes it: asked where something was removed. */
type Origin = Effect.Effect<Pick<EventDraft, "requestId" | "causationId">>

/** Removes what is beyond the limits now; gives what was removed. */
export const enforce = Effect.fn("Retention.enforce")(function*(
  options: Pick<Options, "debug" | "raw">,
  origin: Origin = Effect.succeed({ requestId: null, causationId: null })
) {
  const hub = yield* EventHub
  const retention = yield* PayloadRetention
  const now = yield* Clock.currentTimeMillis
  let all = nothing

  const record = Effect.fnUntraced(function*(level: PrunableLevel, reason: "age" | "size", pruned: Pruned) {
    if (pruned.events === 0) return
    all = plus(all, pruned)
    const draft = { ...yield* Draft.make(LogEvents.Pruned, { level, reason, ...pruned }), ...yield* origin }
    yield* hub.append(LogEvents.stream, "any", [draft])
  })

  const byAge = Effect.fnUntraced(function*(level: PrunableLevel, maxAge: Duration.Duration) {
    let [sum, last] = [nothing, nothing]
    do {
      last = yield* retention.prune({ level, before: now - Duration.toMillis(maxAge), limit: batch, now })
      sum = plus(sum, last)
      yield* Effect.yieldNow
    } while (last.events > 0)
    yield* record(level, "age", sum)
  })

  const bySize = Effect.fnUntraced(function*(level: PrunableLevel, maxBytes: number) {
    let sum = nothing
    while ((yield* retention.size(level)) > maxBytes) {
      const pruned = yield* retention.prune({ level, before: Number.MAX_SAFE_INTEGER, limit: batch, now })
      if (pruned.events === 0) break
      sum = plus(sum, pruned)
      yield* Effect.yieldNow
    }
    yield* record(level, "size", sum)
  })

  for (const level of ["debug", "raw"] as const) {
    const { maxAge, maxBytes } = options[level]
    if (maxAge !== undefined) yield* byAge(level, maxAge)
    if (maxBytes !== undefined) yield* bySize(level, maxBytes)
  }
  return all
})
