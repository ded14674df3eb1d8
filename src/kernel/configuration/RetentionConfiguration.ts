/** The section `recording.retention`: how long raw and debug payloads are kept, and what they may take. */
import { Duration, Schema } from "effect"
import type * as PayloadLimits from "../../events/log/Retention.ts"
import { whole, wholeNumber } from "../provider/FieldSchema.ts"

const Limits = Schema.Struct({
  max_age_days: Schema.optionalKey(
    wholeNumber(1, 36_500, { description: "Payloads older than so many days are removed" })
  ),
  max_bytes: Schema.optionalKey(
    wholeNumber(1, Number.MAX_SAFE_INTEGER, {
      description: "The oldest payloads are removed until the rest takes no more than so many bytes, as stored"
    })
  )
}).annotate({ expected: "a mapping with max_age_days, max_bytes or both" })

export const Retention = Schema.Struct({
  raw: Schema.optionalKey(
    Limits.annotate({ description: "Complete payloads; without them a session can't be replayed" })
  ),
  debug: Schema.optionalKey(Limits.annotate({ description: "Truncated payloads" })),
  interval_minutes: whole(1, 35_000, { description: "Time between two looks, in minutes", default: 60 })
}).annotate({
  expected: "a mapping",
  description: "What is removed to save space; without it nothing is. State events and summaries stay for ever"
})
export type Retention = typeof Retention.Type

const limits = (given: typeof Limits.Type | undefined): PayloadLimits.Limits => ({
  maxAge: given?.max_age_days === undefined ? undefined : Duration.days(given.max_age_days),
  maxBytes: given?.max_bytes
})

export const toOptions = ({ debug, interval_minutes, raw }: Retention): PayloadLimits.Options => ({
  raw: limits(raw),
  debug: limits(debug),
  interval: Duration.minutes(interval_minutes)
})
