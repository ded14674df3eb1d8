/** The flags `debug` and `raw_debug` that every provider's configuration may have: how much of its calls is recorded. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import type { Level } from "../../events/types/Event.ts"

const names = ["debug", "raw_debug"] as const
type Name = (typeof names)[number]

export interface FlagIssue {
  readonly key: Name
  readonly message: string
}

export interface Flags {
  /** What the provider's own Schema is to read. */
  readonly config: Schema.JsonObject
  /** Undefined: its calls are recorded as the server's are. */
  readonly level: Level | undefined
  readonly issues: ReadonlyArray<FlagIssue>
}

/** The environment only knows text, and an empty one where a flag is not set. */
const flagOf = (value: Schema.Json | undefined): boolean | "absent" | "wrong" => {
  if (value === undefined || value === "") return "absent"
  if (Predicate.isBoolean(value)) return value
  const text = Predicate.isString(value) ? value.trim().toLowerCase() : ""
  return text === "true" ? true : text === "false" ? false : "wrong"
}

const kindOf = (value: Schema.Json | undefined): string =>
  value === null
    ? "nothing"
    : Array.isArray(value)
    ? "a list"
    : typeof value === "object"
    ? "a mapping"
    : `a ${typeof value}`

/**
 * Takes the flags out of a provider's configuration.
 *
 * | debug | raw_debug | level |
 * | --- | --- | --- |
 * | absent | absent | none of its own |
 * | true | absent or false | debug |
 * | true or absent | true | raw |
 * | false or absent | absent or false | default |
 */
export const take = (written: Schema.JsonObject): Flags => {
  const { debug: debugWritten, raw_debug: rawWritten, ...config } = written
  const [debug, raw] = [flagOf(debugWritten), flagOf(rawWritten)]
  const issues = ([["debug", debug, debugWritten], ["raw_debug", raw, rawWritten]] as const).flatMap(
    ([key, flag, value]): ReadonlyArray<FlagIssue> =>
      flag === "wrong" ? [{ key, message: `expected true or false, got ${kindOf(value)}` }] : []
  )
  if (debug === false && raw === true) {
    const message = "raw_debug records what debug does and more, but debug is false: remove one of them"
    return { config, level: undefined, issues: [{ key: "raw_debug", message }] }
  }
  const level = raw === true
    ? "raw"
    : debug === true
    ? "debug"
    : debug === false || raw === false
    ? "default"
    : undefined
  return { config, level, issues }
}
