/** Times as a person gives them to `strata usage`: how long ago, a day, a time. */
import { Clock, DateTime, Effect, Option } from "effect"
import { timeIn } from "../apis/usage/UsageModels.ts"

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

const ago = /^(\d{1,6})([mhdw])$/

export const form = "how long ago (90m, 24h, 7d, 2w), a day (2026-11-27, UTC), or a time (2026-11-27T08:00:00Z)"

/** As the API takes it; none for what is no time. */
export const parse = (text: string): Effect.Effect<Option.Option<string>> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const [, count, unit = ""] = ago.exec(text) ?? []
    const length = units[unit]
    if (count === undefined || length === undefined) {
      return timeIn(text) === undefined ? Option.none() : Option.some(text)
    }
    return Option.some(DateTime.formatIso(DateTime.makeUnsafe(Math.max(0, now - Number(count) * length))))
  })
