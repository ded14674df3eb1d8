/** A failure of any kind in words: its message, or what it is. */
import { Predicate } from "effect"

export const of = (error: unknown): string =>
  Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : String(error)
