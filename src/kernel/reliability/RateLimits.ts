/** What a vendor says of its own limits, in the headers of its answers. */
import { DateTime, Option, Schema } from "effect"
import { tableOf } from "../../events/types/Table.ts"

type Headers = Readonly<Record<string, string>>

export const RateLimit = Schema.Struct({
  limit: Schema.NullOr(Schema.Finite).annotate({ description: "As many are allowed in the vendor's window." }),
  remaining: Schema.NullOr(Schema.Finite).annotate({ description: "So many of them are left." }),
  reset_ms: Schema.NullOr(Schema.Finite).annotate({ description: "Until all are there again, milliseconds." })
}).annotate({ identifier: "RateLimit" })
export type RateLimit = typeof RateLimit.Type

/** By what is limited: `requests`, `tokens`, `input-tokens`, `output-tokens`. */
export const RateLimits = Schema.Record(Schema.String, RateLimit).annotate({
  description: "By what is limited: `requests`, `tokens`, `input-tokens`, `output-tokens`."
})
export type RateLimits = typeof RateLimits.Type

/** `x-ratelimit-limit-requests`, as OpenAI and those like it have it; `anthropic-ratelimit-requests-limit`. */
const forms: ReadonlyArray<(name: string) => readonly [what: string, part: string] | undefined> = [
  (name) => {
    const [, part, what = "requests"] = /^x-ratelimit-(limit|remaining|reset)(?:-([a-z-]+))?$/.exec(name) ?? []
    return part === undefined ? undefined : [what, part]
  },
  (name) => {
    const [, what, part] = /^anthropic-ratelimit-([a-z-]+)-(limit|remaining|reset)$/.exec(name) ?? []
    return what === undefined || part === undefined ? undefined : [what, part]
  }
]

const number = /^\s*\d+(\.\d+)?\s*$/

const numberIn = (text: string): number | null => number.test(text) ? Number(text) : null

const units = tableOf<number>({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 })
const duration = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g
const onlyDuration = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/

/** Larger numbers are seconds since 1970, not from now. */
const longestSeconds = 1_000_000_000

/** `6m0s`, seconds, seconds since 1970, or a date. */
const resetIn = (text: string, now: number): number | null => {
  const written = text.trim()
  if (onlyDuration.test(written)) {
    return Math.round(
      [...written.matchAll(duration)].reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!, 0)
    )
  }
  const seconds = numberIn(written)
  if (seconds !== null) {
    return Math.max(0, Math.round(seconds > longestSeconds ? seconds * 1000 - now : seconds * 1000))
  }
  return Option.getOrNull(
    Option.map(DateTime.make(written), (date) => Math.max(0, DateTime.toEpochMillis(date) - now))
  )
}

/** Undefined where the headers say nothing of it. */
export const of = (headers: Headers, now: number): RateLimits | undefined => {
  const limits: Record<string, { -readonly [K in keyof RateLimit]: RateLimit[K] }> = {}
  for (const name of Object.keys(headers)) {
    if (!name.includes("ratelimit")) continue
    const [what, part] = forms.map((form) => form(name)).find((each) => each !== undefined) ?? []
    if (what === undefined) continue
    const limit = limits[what] ??= { limit: null, remaining: null, reset_ms: null }
    const text = headers[name]!
    if (part === "reset") limit.reset_ms = resetIn(text, now)
    else limit[part as "limit" | "remaining"] = numberIn(text)
  }
  return Object.keys(limits).length === 0 ? undefined : limits
}
