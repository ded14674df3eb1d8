/** `strata config schema`: the JSON Schema of the configuration file, for editors. */
import { Console, Data, Effect, FileSystem, Option } from "effect"
import { Command, Flag } from "effect/cli"
import * as ConfigurationJsonSchema from "../kernel/configuration/ConfigurationJsonSchema.ts"
import { registry } from "../providers/Registry.ts"
import { failWithMessage } from "./Failure.ts"
import * as Settings from "./Settings.ts"

class SchemaNotWritten extends Data.TaggedError("SchemaNotWritten")<{ readonly message: string }> {}

const flags = {
  output: Flag.String("output").pipe(
    Flag.withDescription("Write it to this file; default: the terminal"),
    Flag.optional
  ),
  config: Flag.String("config").pipe(
    Flag.withDescription("Add the provider types of the modules that this configuration file names"),
    Flag.optional
  )
}

export const schema = Command.make("schema", flags, ({ config, output }) =>
  Effect.gen(function*() {
    const types = Option.isNone(config) ? registry : (yield* Settings.fromFile(config.value)).types
    const text = JSON.stringify(ConfigurationJsonSchema.make(types), null, 2)
    if (Option.isNone(output)) return yield* Console.log(text)
    const files = yield* FileSystem.FileSystem
    return yield* Effect.mapError(
      files.writeFileString(output.value, `${text}\n`),
      (error) => new SchemaNotWritten({ message: `The schema can't be written to ${output.value}: ${error.message}` })
    )
  }).pipe(failWithMessage)).pipe(
    Command.withDescription("Print the JSON Schema of the configuration file, with the settings of every provider type")
  )
