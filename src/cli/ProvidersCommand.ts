/** `strata providers`: the provider types there are, the instances of a server or configuration, and who needs whom. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { failWithMessage } from "./Failure.ts"
import * as ProviderGraph from "./ProviderGraph.ts"
import type { ListedProvider } from "./ProviderSource.ts"
import * as ProviderSource from "./ProviderSource.ts"
import * as ProviderTypeText from "./ProviderTypeText.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("A JSON object a line"), Flag.withDefault(false))
const where = { url: ProviderSource.url, config: ProviderSource.config }

const line = ({ api, deprecation, health, provider_id, provider_type, required }: ListedProvider): string =>
  [
    `${api}/${provider_id}`,
    provider_type,
    ...required ? ["required"] : [],
    ...health === undefined ? [] : [health.message === null ? health.status : `${health.status}: ${health.message}`],
    ...deprecation === null ? [] : [`deprecated: ${deprecation}`]
  ].join("  ")

const list = Command.make("list", { ...where, json }, ({ json, ...where }) =>
  Effect.gen(function*() {
    const providers = yield* ProviderSource.providers(where)
    if (providers.length === 0 && !json) yield* Console.log("No provider is configured.")
    for (const each of providers) yield* Console.log(json ? JSON.stringify(each) : line(each))
  }).pipe(failWithMessage)).pipe(
    Command.withDescription("List the providers of a running server, or of a configuration without starting it")
  )

const types = Command.make("types", {
  url: ProviderSource.url,
  api: Flag.String("api").pipe(Flag.withDescription("Only those that implement this API"), Flag.optional),
  json
}, ({ api, json, url }) =>
  Effect.gen(function*() {
    const all = yield* ProviderSource.types(url)
    const listed = Option.match(api, { onNone: () => all, onSome: (name) => all.filter((each) => each.api === name) })
    if (listed.length === 0 && !json) {
      const names = [...new Set(all.map((each) => each.api))].join(", ")
      yield* Console.log(`No provider type implements the API ${Option.getOrElse(api, () => "")}. There is: ${names}.`)
    }
    for (const [index, each] of listed.entries()) {
      yield* Console.log(json ? JSON.stringify(each) : `${index === 0 ? "" : "\n"}${ProviderTypeText.text(each)}`)
    }
  }).pipe(failWithMessage)).pipe(
    Command.withDescription("Print the provider types there are, and the fields of their configurations")
  )

const graph = Command.make("graph", {
  ...where,
  mermaid: Flag.Boolean("mermaid").pipe(Flag.withDescription("As a Mermaid flow chart"), Flag.withDefault(false))
}, ({ mermaid, ...where }) =>
  Effect.flatMap(
    ProviderSource.providers(where),
    (providers) => Console.log(mermaid ? ProviderGraph.mermaid(providers) : ProviderGraph.text(providers))
  ).pipe(failWithMessage)).pipe(
    Command.withDescription("Show which providers need which and, of a running server, when each started")
  )

export const providers = Command.make("providers").pipe(
  Command.withDescription("The providers that are configured, and those that can be"),
  Command.withSubcommands([list, types, graph])
)
