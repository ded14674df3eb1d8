/** `strata init`: asks what to serve, and writes a configuration file and its JSON Schema. Secrets stay outside. */
import { Console, Data, Effect, FileSystem, Path, Stdio } from "effect"
import { Command, Flag } from "effect/cli"
import * as ConfigurationJsonSchema from "../kernel/config/ConfigurationJsonSchema.ts"
import { refusalOf } from "../kernel/Provider.ts"
import { providerInfo } from "../kernel/ProviderInfo.ts"
import { registry } from "../providers/Registry.ts"
import { usualFile } from "./ConfigCheck.ts"
import { failWithMessage } from "./Failure.ts"
import { defaults, toYaml, variablesOf } from "./InitAnswers.ts"
import { questions } from "./InitQuestions.ts"

class NotWritten extends Data.TaggedError("NotWritten")<{ readonly message: string }> {}

const flags = {
  output: Flag.String("output").pipe(
    Flag.withDescription("The file to write; its JSON Schema is written beside it"),
    Flag.withDefault(usualFile)
  ),
  yes: Flag.Boolean("yes").pipe(Flag.withDescription("Ask nothing: take the defaults"), Flag.withDefault(false)),
  force: Flag.Boolean("force").pipe(Flag.withDescription("Replace a file that is there"), Flag.withDefault(false))
}

const isTerminal = Effect.gen(function*() {
  const { stdinIsTerminal, stdoutIsTerminal } = yield* Stdio.Stdio
  return (yield* stdinIsTerminal) && (yield* stdoutIsTerminal)
})

const write = (file: string, text: string) =>
  Effect.flatMap(FileSystem.FileSystem, (files) =>
    Effect.mapError(
      files.writeFileString(file, text),
      ({ message }) => new NotWritten({ message: `${file} can't be written: ${message}` })
    ))

const hints = (file: string, variables: ReadonlyArray<{ readonly name: string; readonly set: boolean }>): string =>
  [
    ...variables.map(({ name, set }) =>
      set ? `${name} is set: it is taken from the environment.` : `Set ${name} before you start the server.`
    ),
    `Check it: strata config check ${file}`,
    `Start it: strata serve --config ${file}`
  ].join("\n")

const run = Effect.fn("init")(function*({ force, output, yes }: { force: boolean; output: string; yes: boolean }) {
  const files = yield* FileSystem.FileSystem
  const { basename, dirname, join } = yield* Path.Path
  const exists = yield* Effect.orElseSucceed(files.exists(output), () => false)
  if (exists && !force) {
    return yield* new NotWritten({ message: `${output} is there already: name another with --output, or add --force.` })
  }
  const types = registry.filter((each) => refusalOf(each) === undefined).map(providerInfo)
  const asks = !yes && (yield* isTerminal)
  const chosen = asks ? yield* questions(types) : yield* defaults(types)
  if (!asks) yield* Console.log(`${yes ? "As asked" : "There is no terminal to ask in"}: the defaults are taken.`)
  const schema = `${basename(output).replace(/\.ya?ml$/, "")}.schema.json`
  yield* write(output, toYaml(chosen, schema))
  const document = ConfigurationJsonSchema.make(registry)
  yield* write(join(dirname(output), schema), `${JSON.stringify(document, null, 2)}\n`)
  yield* Console.log(`Wrote ${output}, and ${schema} for editors.`)
  yield* Console.log(hints(output, yield* variablesOf(chosen)))
})

/** Who leaves the questions has said enough. */
const left = () => new NotWritten({ message: "Nothing was written." })

export const init = Command.make(
  "init",
  flags,
  (options) => run(options).pipe(Effect.catchTag("QuitError", () => Effect.fail(left())), failWithMessage)
).pipe(
  Command.withDescription("Ask what to serve, and write a configuration file")
)
