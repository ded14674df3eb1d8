/** When a vendor wants to be asked again, by its headers. */
import { DateTime, Option } from "effect"

type Headers = Readonly<Record<string, string>>

const isNumber = /^\s*\d+(\.\d+)?\s*$/

/** Milliseconds from `now` on; undefined where it does not say. `retry-after-ms`, then `retry-after` in seconds or as a date. */
export const of = (headers: Headers, now: number): number | undefined => {
  const milliseconds = headers["retry-after-ms"]
  if (milliseconds !== undefined && isNumber.test(milliseconds)) return Math.ceil(Number(milliseconds))
  const written = headers["retry-after"]
  if (written === undefined) return undefined
  if (isNumber.test(written)) return Math.ceil(Number(written) * 1000)
  // A date names its day and its month.
  if (!/[a-z]/i.test(written)) return undefined
  return Option.getOrUndefined(
    Option.map(DateTime.make(written), (date) => Math.max(0, DateTime.toEpochMillis(date) - now))
  )
}

/** Seconds for a client, whole ones, so that none comes back too soon. */
export const inSeconds = (milliseconds: number): string => String(Math.max(1, Math.ceil(milliseconds / 1000)))
