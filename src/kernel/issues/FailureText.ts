/** A failure of any kind in words: its message, or what it is. */
import { Effect, Predicate } from "effect"
import * as Redaction from "../../events/redaction/Redaction.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"

export const of = (error: unknown): string =>
  Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : String(error)

/** A text that may hold secrets, as it may be shown. */
export const masked = (text: string): Effect.Effect<string> =>
  Effect.map(Redactor.configured, (redactor) => redactor.text(Redaction.prose(text)))
