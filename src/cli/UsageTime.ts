/** Times as a person gives them to `strata usage`: a day, a time, or how long ago. */
import { Clock, DateTime, Effect } from "effect"
import * as UsageModels from "../apis/usage/UsageModels.ts"
import { Option, Schema } from "effect"

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

const ago = /^(\d{1,6})([mhdw])$/

const isTime = Schema.is(Schema.toEncoded(UsageModels.Time))

export const form = "how long ago (90m, 24h, 7d, 2w), a day (2026-11-27), or a time (2026-11-27T08:00:00Z)"

/** As the API takes it; none for what is no time. */
export const parse = (text: string): Effect.Effect<Option.Option<string>> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const [, count, unit] = ago.exec(text) ?? []
    if (count !== undefined && unit !== undefined) {
      const time = now - Number(count) * units[unit as keyof typeof units]
      return Option.some(DateTime.formatIso(DateTime.makeUnsafe(time)))
    }
    return isTime(text) ? Option.some(text) : Option.none()
  })
