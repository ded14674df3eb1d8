/**
 * Provider types whose vendor speaks one dialect at a base URL: what they have in common is here, and what they differ in
 * are values.
 *
 * @example
 * export const Anthropic = VendorProvider.make({
 *   type: "remote::anthropic",
 *   displayName: "Anthropic",
 *   description: "Claude, by Anthropic's Messages API.",
 *   base_url: "https://api.anthropic.com/v1",
 *   keyVariable: "ANTHROPIC_API_KEY",
 *   wire: () => ({ dialect: anthropic }),
 *   authentication: ApiKey.inHeader("x-api-key")
 * })
 */
import { Effect, Layer, Redacted, Schema } from "effect"
import { HttpClient } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import { isSecretHeader } from "../../events/redaction/RedactionNames.ts"
import * as ApiKey from "../../kernel/authentication/ApiKey.ts"
import type { Authentication, AuthenticationType } from "../../kernel/authentication/Authentication.ts"
import * as Credentials from "../../kernel/calls/Credentials.ts"
import * as BaseUrl from "../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../kernel/client/VendorClient.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../kernel/dialects/DialectVendor.ts"
import type * as EmbeddingVendor from "../../kernel/embeddings/EmbeddingVendor.ts"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import { flag, texts, whole } from "../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../kernel/provider/Provider.ts"
import * as ProviderData from "../../kernel/provider/ProviderData.ts"
import type * as RerankVendor from "../../kernel/rerank/RerankVendor.ts"
import { InferenceProvider } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as VendorOperations from "./VendorOperations.ts"

/** The configuration that each of them has. */
export const fields = ({ base_url, keyVariable }: { readonly base_url: string; readonly keyVariable: string }) => ({
  base_url: BaseUrl.field.pipe(Schema.withDecodingDefaultKey(Effect.succeed(base_url))).annotate({
    description: `Where the API begins, its version included. A query goes with each request. Default ${base_url}.`
  }).pipe(FieldPrompt.annotate({ prompt: "Base URL of the API, its version included" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent with each request as the vendor wants it. Absent or empty: none is sent."
  }).pipe(FieldPrompt.annotate({ env: keyVariable, prompt: "API key (empty: none is sent)" })),
  models: texts({
    description: "The vendor's ids of the models to serve. Absent: the vendor's own list."
  }).pipe(FieldPrompt.annotate({ prompt: "Models to serve (empty: all the vendor lists)" })),
  headers: Schema.Record(Schema.String, Schema.String).annotate({ expected: "a mapping of names to texts" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({ description: "Sent with every request, for example `OpenAI-Organization`." })
    .pipe(FieldPrompt.annotate({ prompt: "Headers to send with every request" })),
  repair_tool_sequences: flag({
    description: "true: calls of tools without results, and results without calls, are repaired in requests of the " +
      "vendor's own dialect, too. Default false: such requests pass as they are."
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "Repair calls of tools without results in what passes through" })
  ),
  auto_continue: Schema.Struct({
    max_continuations: whole(0, 5, {
      description: "So often the model is asked to go on with an answer that was cut off. Default 0: never.",
      default: 0
    })
  }).annotate({ expected: "a mapping with max_continuations" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({
    description:
      "Answers that end because they became too long for the vendor, and not by the client's own bound, are " +
      "gone on with: further calls, whose answers are one with the first."
  }).pipe(FieldPrompt.annotate({ prompt: "Go on with answers that were cut off (max_continuations, 0 to 5)" })),
  ...TimeLimits.fields("the vendor")
})

/** What a client may send with a request. Where the request goes is the configuration's to say. */
export const Data = Schema.Struct({ api_key: ProviderData.Key })

const common = Schema.Struct(fields({ base_url: "https://example.com", keyVariable: "API_KEY" }))
type Common = typeof common.Type

export interface Options<Config extends Common> {
  readonly type: `remote::${string}`
  readonly displayName: string
  readonly description: string
  readonly config: Schema.ConstraintDecoder<Config> & Schema.Top
  /** The vendor's own address, which answers nobody without a key. */
  readonly base_url: string
  /** The environment variable its key is usually in. */
  readonly keyVariable: string
  /** Where the API begins, where other fields of the configuration say so; default: its `base_url`. */
  readonly address?: (config: Config) => string
  /** How it is asked. */
  readonly wire: (config: Config) => Pick<DialectVendor.Options, "dialect" | "path" | "models" | "headers">
  /** How a request becomes one of an account; default: the key as a bearer token. */
  readonly authentication?: AuthenticationType<Config>
  /** How it is asked for embeddings. Absent: it makes none. */
  readonly embeddings?: Pick<EmbeddingVendor.Options, "dialect" | "path">
  /** How it is asked to put items in order. Absent: it does not. */
  readonly rerank?: Pick<RerankVendor.Options, "dialect" | "path">
  /** Whether it has text completions; default: no. */
  readonly completions?: boolean
  readonly capabilities?: ReadonlyArray<string>
}

/** Of other addresses nobody knows whether they need a key: they say so themselves. */
const needsKey = ({ api_key, base_url, headers }: Common, own: string): boolean =>
  BaseUrl.partsOf(base_url).path === own && (api_key === undefined || Redacted.value(api_key) === "") &&
  !Object.keys(headers).some(isSecretHeader)

type Given = Effect.Effect<typeof Data.Type | undefined>

/** A path goes behind the address; what is a URL already stays. */
const isAddress = ({ url }: HttpClientRequest.HttpClientRequest): boolean => /^https?:\/\//.test(url)

const clientOf = Effect.fnUntraced(function*(
  config: Common,
  address: string,
  given: Given,
  authentication: Authentication
) {
  const credentials = yield* Credentials.make(config, given, authentication)
  const client = yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))
  const prepend = yield* BaseUrl.prepend(BaseUrl.partsOf(address))
  return client.pipe(
    HttpClient.mapRequest((request) => isAddress(request) ? request : prepend(request)),
    HttpClient.mapRequestEffect(credentials)
  )
})

export const make = <Config extends Common>(options: Options<Config>) => {
  const { authentication = ApiKey.bearer, base_url, keyVariable: variable, wire } = options

  const instanceOf = Effect.fnUntraced(function*(config: Config, provider: string) {
    const instance = { api: InferenceApi.name, provider_id: provider }
    const asked = wire(config)
    const given = authentication.takesClientKey ? ProviderData.of(Data, instance) : Effect.undefined
    const authenticated = yield* authentication.make(config)
    const address = options.address?.(config) ?? config.base_url
    const client = yield* clientOf(config, address, given, authenticated)
    const { countTokens, dialects, health, listModels, send } = DialectVendor.make({ ...asked, provider, client })
    const keyed = Credentials.requireKey(provider, given, asked.dialect.errors.envelope)
    const keyless = authenticated.sign === undefined && needsKey(config, base_url)
      ? Effect.fail(new Credentials.KeyMissing({ provider, variable }))
      : undefined
    const configured = config.models?.map((id) => ({ id, created: 0, owned_by: provider }))
    return InferenceProvider.of({
      dialects,
      ...config.repair_tool_sequences ? { repairs: true } : {},
      ...countTokens === undefined ? {} : {
        countTokens: (request, headers) =>
          Effect.mapError(
            keyless === undefined
              ? countTokens(request, headers)
              : Effect.andThen(keyed, countTokens(request, headers)),
            DialectVendor.raised(asked.dialect)
          )
      },
      ...VendorOperations.make(options, {
        provider,
        client,
        ...asked.headers === undefined ? {} : { headers: asked.headers },
        ...keyless === undefined ? {} : { keyed: Credentials.requireKey(provider, given, chat.errors.envelope) }
      }),
      continuations: config.auto_continue.max_continuations,
      send: keyless === undefined ? send : (call) => Effect.andThen(keyed, send(call)),
      ...configured === undefined
        ? { models: { source: "discovery", list: keyless ?? listModels } }
        : { models: { source: "configuration", list: Effect.succeed(configured) }, health: keyless ?? health }
    })
  })

  return Provider.make({
    api: InferenceApi,
    type: options.type,
    displayName: options.displayName,
    description: options.description,
    config: options.config,
    requires: [],
    capabilities: options.capabilities ?? ["streaming", "tools"],
    ...authentication.takesClientKey ? { providerData: Data } : {},
    layer: (config, { provider_id }) => Layer.effect(InferenceProvider, instanceOf(config, provider_id))
  })
}
