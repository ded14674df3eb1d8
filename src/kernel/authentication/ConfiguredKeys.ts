/** Several keys of one vendor, as a configuration writes them, and where each is read. */
import { Effect, Redacted, Schema } from "effect"
import { execFile } from "node:child_process"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { text } from "../provider/FieldSchema.ts"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"
import { read } from "./OciConfigFile.ts"

const keyOf = (description: string) => Schema.RedactedFromValue(text.annotate({ description }))

const Sourced = Schema.Struct({
  name: Schema.optionalKey(text.annotate({
    description: "What the key is called in events and in the providers API. Default: its place, `#1`."
  })),
  key: Schema.optionalKey(keyOf("The key itself, for example `${env.OPENAI_API_KEY_2}`.")),
  file: Schema.optionalKey(text.annotate({
    description: "A file that holds it. It is read again when the vendor refuses the key."
  })),
  command: Schema.optionalKey(text.annotate({
    description: "A command that prints it, run by the shell. It is run again when the vendor refuses the key."
  }))
}).annotate({ expected: "a key, or a mapping with one of key, file and command" }).check(
  Schema.makeFilter(
    ({ command, file, key }) => [command, file, key].filter((each) => each !== undefined).length === 1,
    { expected: "one of key, file and command" }
  )
)

export type ConfiguredKey = Redacted.Redacted | typeof Sourced.Type

export const field = Schema.optionalKey(
  Schema.Array(
    Schema.Union([keyOf("A key, called by its place."), Sourced]).annotate({
      expected: "a key, or a mapping with its source"
    })
  )
    .annotate({ expected: "a list of keys" })
    .check(Schema.isMinLength(1, { expected: "a list of keys" }))
).annotate({
  description: "Several keys, used in turn in the place of api_key: each a text, or a mapping with `name` and one of " +
    "`key`, `file` and `command`. One that is refused is left out, one that is limited rests."
}).pipe(FieldPrompt.annotate({ prompt: "Several API keys, in place of one", secret: false }))

/** A key by its name, and how its value is had. */
export interface KeySource {
  readonly name: string
  readonly read: Effect.Effect<Redacted.Redacted, AuthenticationFailed>
  /** Whether it may be another when it is read again. */
  readonly changes: boolean
}

const longestMs = 30_000

/** What it prints is the key: nothing of it is repeated where it fails. */
const printed = (command: string, name: string): Effect.Effect<string, AuthenticationFailed> =>
  Effect.callback((resume) => {
    const child = execFile("/bin/sh", ["-c", command], { timeout: longestMs, encoding: "utf8" }, (error, stdout) => {
      resume(
        error === null
          ? Effect.succeed(stdout)
          : Effect.fail(new AuthenticationFailed({ message: `the command of the key ${name} failed: run it by hand` }))
      )
    })
    return Effect.sync(() => void child.kill())
  })

const trimmed = (name: string) => (value: string): Effect.Effect<Redacted.Redacted, AuthenticationFailed> =>
  value.trim() === ""
    ? Effect.fail(new AuthenticationFailed({ message: `the key ${name} is empty where it is read` }))
    : Effect.succeed(Redacted.make(value.trim()))

export const sourceOf = (configured: ConfiguredKey, index: number): KeySource => {
  const place = `#${index + 1}`
  if (Redacted.isRedacted(configured)) return { name: place, read: Effect.succeed(configured), changes: false }
  const { command, file, key, name = place } = configured as typeof Sourced.Type
  if (key !== undefined) return { name, read: Effect.succeed(key), changes: false }
  const value = file === undefined ? printed(command ?? "", name) : read(file, "the file of a key")
  return { name, read: Effect.flatMap(value, trimmed(name)), changes: true }
}
