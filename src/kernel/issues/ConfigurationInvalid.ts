/** The error of a configuration that can be read but not used: every issue at once, each with its path and a remedy. */
import { Schema } from "effect"

const ConfigurationIssue = Schema.Struct({
  path: Schema.String.annotate({
    description:
      "Where: providers.inference[0].config.api_key, or the line and column of a YAML error, or empty: all of it"
  }),
  message: Schema.String.annotate({ description: "What is wrong there, and what to do about it" })
})
export type ConfigurationIssue = typeof ConfigurationIssue.Type

export class ConfigurationInvalid extends Schema.TaggedError<ConfigurationInvalid>()("ConfigurationInvalid", {
  file: Schema.String,
  issues: Schema.Array(ConfigurationIssue)
}) {
  override get message(): string {
    const count = this.issues.length === 1 ? "1 problem" : `${this.issues.length} problems`
    const lines = this.issues.map(({ path, message }) => `  ${path === "" ? "the whole file" : path}: ${message}`)
    return [`The configuration ${this.file} has ${count}:`, ...lines].join("\n")
  }
}

const plainKey = /^[\p{L}_][\p{L}\p{N}_-]*$/u

/** `providers.inference[0].config`; a key that would not read well there is quoted: `providers["my api"]`. */
export const formatPath = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>((before, key) => {
    if (typeof key === "number") return `${before}[${key}]`
    const name = String(key)
    if (!plainKey.test(name)) return `${before}[${JSON.stringify(name)}]`
    return before === "" ? name : `${before}.${name}`
  }, "")
