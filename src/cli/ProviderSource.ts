/** The providers a command shows: those of a running server, or those of a configuration, which starts nothing. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Config, Data, Effect, Option, Schema } from "effect"
import { Flag } from "effect/cli"
import { describeProvider } from "../apis/providers/ProviderDescription.ts"
import type { Provider } from "../apis/providers/ProvidersModels.ts"
import { ProviderList, ProviderTypeList } from "../apis/providers/ProvidersModels.ts"
import { field, parse, textOrNull } from "../events/types/JsonAccess.ts"
import { providerInfo } from "../kernel/provider/ProviderInfo.ts"
import * as StackPlan from "../kernel/stack/StackPlan.ts"
import { registry } from "../providers/Registry.ts"
import * as ServerClient from "./ServerClient.ts"
import * as Settings from "./Settings.ts"

/** The message is for a person. */
class ProvidersRefused extends Data.TaggedError("ProvidersRefused")<{ readonly message: string }> {}

/** Without health: it has not been started. */
export type ListedProvider = Omit<Provider, "health"> & Partial<Pick<Provider, "health">>

export const url = Flag.String("url").pipe(
  Flag.withDescription("Ask this running server (STRATA_URL)"),
  Flag.optional
)
export const config = Flag.String("config").pipe(
  Flag.withDescription("Read this configuration file and start nothing (STRATA_CONFIG, default: what is found here)"),
  Flag.optional
)

export interface Where {
  readonly url: Option.Option<string>
  readonly config: Option.Option<string>
}

const refused = (message: string) => new ProvidersRefused({ message })

/** Flags go before the environment; of the environment's two, the server. */
const resolve = Effect.fnUntraced(function*(where: Where) {
  if (Option.isSome(where.url) && Option.isSome(where.config)) {
    return yield* refused("--url and --config name two sources of providers: give one of them.")
  }
  if (Option.isSome(where.url) || Option.isSome(where.config)) return where
  const url = yield* Config.option(Config.NonEmptyString("STRATA_URL"))
  const config = yield* Config.option(Config.NonEmptyString("STRATA_CONFIG"))
  return { url, config }
})

const ask = <A>(url: string, path: string, schema: Schema.ConstraintDecoder<A>) =>
  Effect.gen(function*() {
    const base = url.replace(/\/+$/, "")
    const client = yield* ServerClient.make
    const { status, text } = yield* client.get(base + path).pipe(
      Effect.flatMap((response) => Effect.map(response.text, (text) => ({ status: response.status, text }))),
      Effect.mapError(({ message }) =>
        refused(`No answer from ${base}: ${message}. Is the server running? --url names another.`)
      )
    )
    if (status >= 400) {
      const message = textOrNull(field(field(parse(text), "error"), "message"))
      return yield* refused(message ?? `${base} answered ${status}: ${text.slice(0, 200)}`)
    }
    return yield* Effect.mapError(
      Schema.decodeEffect(Schema.fromJsonString(schema))(text),
      ({ message }) => refused(`The answer of ${base} is not understood: ${message}`)
    )
  })

const configured = Effect.fnUntraced(function*(file: Option.Option<string>) {
  const { configuration, types } = yield* Settings.find(file)
  const { providers } = yield* StackPlan.make(types ?? registry, configuration)
  return providers.map((each): ListedProvider => describeProvider(each, providers, () => undefined))
})

/** The instances. */
export const providers = Effect.fnUntraced(
  function*(where: Where) {
    const { config, url } = yield* resolve(where)
    if (Option.isNone(url)) return yield* configured(config)
    const { data } = yield* ask(url.value, "/v1/providers", ProviderList)
    return data as ReadonlyArray<ListedProvider>
  },
  Effect.provide(NodeHttpClient.layerUndici)
)

/** The provider types: those of a running server, or those of this Strata. */
export const types = Effect.fnUntraced(
  function*(url: Option.Option<string>) {
    if (Option.isNone(url)) return registry.map(providerInfo)
    return (yield* ask(url.value, "/v1/provider-types", ProviderTypeList)).data
  },
  Effect.provide(NodeHttpClient.layerUndici)
)
