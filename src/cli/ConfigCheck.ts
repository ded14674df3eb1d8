/** `strata config check`: what is wrong with a configuration file, or what it would run. Starts nothing. */
import { Config, Console, Data, Effect, FileSystem, Option } from "effect"
import { Argument, Command } from "effect/cli"
import * as Apis from "../apis/Apis.ts"
import { atMost } from "../events/types/Event.ts"
import type { CheckedConfiguration } from "../kernel/configuration/ConfigurationCheck.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import * as ServedApi from "../kernel/modules/ServedApi.ts"
import { warningOf } from "../kernel/provider/Provider.ts"
import { failWithMessage } from "./Failure.ts"
import * as LogStorage from "./LogStorage.ts"
import * as Settings from "./Settings.ts"

class NoConfiguration extends Data.TaggedError("NoConfiguration")<{ readonly message: string }> {}

/** The name of a configuration where nobody names one. */
export const usualFile = "strata.yaml"

const flags = {
  file: Argument.String("file").pipe(
    Argument.withDescription(`The YAML configuration file (default: STRATA_CONFIG, else ${usualFile})`),
    Argument.optional
  )
}

const fileOf = Effect.fnUntraced(function*(named: Option.Option<string>) {
  if (Option.isSome(named)) return named.value
  const configured = yield* Config.option(Config.NonEmptyString("STRATA_CONFIG"))
  if (Option.isSome(configured)) return configured.value
  const files = yield* FileSystem.FileSystem
  if (yield* Effect.orElseSucceed(files.exists(usualFile), () => false)) return usualFile
  return yield* new NoConfiguration({
    message: `There is no ${usualFile} here: name the file, or make one with strata init.`
  })
})

const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line, index) => `  ${(index === 0 ? title : "").padEnd(12)}${line}`)

const count = (amount: number, what: string): string => amount === 1 ? `1 ${what}` : `${amount} ${what}s`

/** What would run. */
const summary = (file: string, checked: CheckedConfiguration): string => {
  const { configuration, external, modules, skipped, types } = checked
  const { apis, logging, providers, recording, registered_resources, server } = configuration
  const { operations } = ServedApi.make(ModuleSet.withExternal(Apis.apis, external), apis)
  const entries = Object.entries(providers).flatMap(([api, list]) => list.map((entry) => ({ api, ...entry })))
  const deprecated = entries.flatMap(({ api, provider_id, provider_type }) => {
    const definition = types.find((each) => each.api.name === api && each.type === provider_type)
    const warning = definition === undefined ? undefined : warningOf(definition)
    return warning === undefined ? [] : [`${provider_id}: ${provider_type} is deprecated: ${warning}`]
  })
  return [
    `${file} is in order. strata serve --config ${file} would run:`,
    "",
    ...section("Address", [`http://${server.host}:${server.port}`]),
    ...section("Storage", [LogStorage.placeIn(configuration)]),
    ...section("Recording", [atMost(recording.max_level, recording.level)]),
    ...section("Log level", [logging.level]),
    ...section("APIs", [[...new Set(operations.map(({ group }) => group))].join(", ")]),
    ...section(
      "Modules",
      modules.map((each) =>
        `${each.module}: ${
          [count(each.providers.length, "provider type"), ...each.apis.map(({ name }) => `the API ${name}`)].join(", ")
        }`
      )
    ),
    ...section("Providers", entries.map((each) => `${each.provider_id} (${each.provider_type}) for ${each.api}`)),
    ...section(
      "Resources",
      registered_resources.models.map((each) =>
        `the model ${each.model_id}: ${each.provider_model_id} of ${each.provider_id}`
      )
    ),
    ...section("Skipped", skipped.map((each) => `${each.provider_type} for ${each.api}: ${each.reason}`)),
    ...section("Deprecated", deprecated),
    ...entries.length === 0 ? ["", "No provider would start: no model would be served."] : []
  ].join("\n")
}

export const check = Command.make("check", flags, ({ file: named }) =>
  Effect.gen(function*() {
    const file = yield* fileOf(named)
    yield* Console.log(summary(file, yield* Settings.fromFile(file)))
  }).pipe(failWithMessage)).pipe(
    Command.withDescription(
      "Say everything that is wrong with a configuration file (exit code 1), or what it would run"
    )
  )
