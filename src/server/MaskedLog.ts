/** Keeps secrets out of what the server prints of itself: every logger is told only what may be shown. */
import { Cause, Effect, Layer, Logger, Predicate } from "effect"
import * as Redaction from "../events/redaction/Redaction.ts"
import { ConfiguredRules } from "../events/redaction/RedactionRules.ts"
import { Redactor } from "../events/redaction/Redactor.ts"
import { ConfiguredSecrets } from "../events/redaction/Secrets.ts"

const masked = <Output>(logger: Logger.Logger<unknown, Output>): Logger.Logger<unknown, Output> =>
  Logger.make((options) => {
    const { cause, fiber, message } = options
    const redactor = new Redactor([fiber.getRef(ConfiguredSecrets)], fiber.getRef(ConfiguredRules))
    const text = (value: string) => redactor.text(Redaction.prose(value))
    const maskedPart = (part: unknown) =>
      Predicate.isString(part) ? text(part) : Predicate.isError(part) ? text(part.stack ?? part.message) : part
    const parts = Array.isArray(message) ? message.map(maskedPart) : [maskedPart(message)]
    const line = cause.reasons.length === 0 ? parts : [...parts, text(Cause.pretty(cause))]
    return logger.log({ ...options, message: line, cause: Cause.empty })
  })

/** Of the loggers there are where it is built. */
export const layer = Layer.effect(
  Logger.CurrentLoggers,
  Effect.map(Logger.CurrentLoggers, (loggers) => new Set([...loggers].map(masked)))
)
