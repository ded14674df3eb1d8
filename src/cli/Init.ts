/** `strata init`: asks what to serve, and writes a configuration file and its JSON Schema. Secrets stay outside. */
import { ConfigProvider, Console, Effect, Stdio } from "effect"
import { Command, Flag } from "effect/cli"
import { apis } from "../apis/Apis.ts"
import * as ConfigurationCheck from "../kernel/configuration/ConfigurationCheck.ts"
import * as ConfigurationFile from "../kernel/configuration/ConfigurationFile.ts"
import * as ConfigurationJsonSchema from "../kernel/configuration/ConfigurationJsonSchema.ts"
import { refusalOf } from "../kernel/provider/Provider.ts"
import { providerInfo } from "../kernel/provider/ProviderInfo.ts"
import { registry } from "../providers/Registry.ts"
import { usualFile } from "./ConfigCheck.ts"
import { failWithMessage } from "./Failure.ts"
import { defaults, toYaml, variablesOf } from "./InitAnswers.ts"
import type { Targets } from "./InitFiles.ts"
import { NotWritten, targets, write } from "./InitFiles.ts"
import { questions } from "./InitQuestions.ts"
import * as InitTrial from "./InitTrial.ts"

const flags = {
  output: Flag.String("output").pipe(
    Flag.withDescription("The file to write; its JSON Schema is written beside it"),
    Flag.withDefault(usualFile)
  ),
  yes: Flag.Boolean("yes").pipe(Flag.withDescription("Ask nothing: take the defaults"), Flag.withDefault(false)),
  force: Flag.Boolean("force").pipe(Flag.withDescription("Replace files that are there"), Flag.withDefault(false))
}

const isTerminal = Effect.gen(function*() {
  const { stdinIsTerminal, stdoutIsTerminal } = yield* Stdio.Stdio
  return (yield* stdinIsTerminal) && (yield* stdoutIsTerminal)
})

const hints = (file: string, variables: ReadonlyArray<{ readonly name: string; readonly set: boolean }>): string =>
  [
    ...variables.map(({ name, set }) =>
      set ? `${name} is set: it is taken from the environment.` : `Set ${name} before you start the server.`
    ),
    `Check it: strata config check ${file}`,
    `Start it: strata serve --config ${file}`
  ].join("\n")

/** The server would start with it, once its variables are set. */
const checked = (text: string, { file }: Targets, variables: ReadonlyArray<string>) =>
  ConfigurationFile.readText(text, file).pipe(
    Effect.flatMap((read) => ConfigurationCheck.check(read, registry, apis)),
    Effect.provide(
      ConfigProvider.layerAdd(ConfigProvider.fromEnvRecord(Object.fromEntries(variables.map((name) => [name, "set"]))))
    ),
    Effect.mapError(({ issues }) => {
      const lines = issues.map(({ message, path }) => `  ${path}: ${message}`)
      return new NotWritten({
        message: ["Nothing was written: a server would not start with this:", ...lines].join("\n")
      })
    })
  )

const run = Effect.fn("init")(function*({ force, output, yes }: { force: boolean; output: string; yes: boolean }) {
  const places = yield* targets(output, force)
  const types = registry.filter((each) => refusalOf(each) === undefined).map(providerInfo)
  const asks = !yes && (yield* isTerminal)
  const chosen = asks ? yield* questions(types, InitTrial.run) : yield* defaults(types)
  if (!asks) yield* Console.log(`${yes ? "As asked" : "There is no terminal to ask in"}: the defaults are taken.`)
  const text = toYaml(chosen, places.schemaName)
  yield* checked(text, places, chosen.flatMap(({ variables }) => variables))
  const document = ConfigurationJsonSchema.make(registry)
  yield* write(places.schema, `${JSON.stringify(document, null, 2)}\n`)
  yield* write(places.file, text)
  yield* Console.log(`Wrote ${output}, and ${places.schemaName} for editors.`)
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
