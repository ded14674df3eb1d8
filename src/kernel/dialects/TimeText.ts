/** A time as a vendor writes it, in words of ISO 8601. */
import { DateTime, Option, Predicate } from "effect"

/** Whole seconds since 1970; undefined for what is no time. */
export const secondsOf = (time: unknown): number | undefined =>
  Predicate.isString(time)
    ? Option.getOrUndefined(
      Option.map(DateTime.make(time), ({ epochMilliseconds }) => Math.floor(epochMilliseconds / 1000))
    )
    : undefined
