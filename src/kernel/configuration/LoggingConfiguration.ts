/** The section `logging`: what the server prints of itself. */
import { Effect, Schema } from "effect"
import type { LogLevel } from "effect"

const levels = {
  trace: "Trace",
  debug: "Debug",
  info: "Info",
  warn: "Warn",
  error: "Error",
  fatal: "Fatal",
  none: "None"
} as const satisfies Record<string, LogLevel.LogLevel>

const LoggingLevel = Schema.Literals(["trace", "debug", "info", "warn", "error", "fatal", "none"]).annotate({
  expected: "trace, debug, info, warn, error, fatal or none",
  description: "The least severe message that is printed; --log-level goes before it",
  default: "info"
})

export const Logging = Schema.Struct({
  level: LoggingLevel.pipe(Schema.withDecodingDefaultKey(Effect.succeed("info" as const)))
}).annotate({ expected: "a mapping", description: "What the server prints of itself", default: { level: "info" } })

export const toLogLevel = ({ level }: typeof Logging.Type): LogLevel.LogLevel => levels[level]
