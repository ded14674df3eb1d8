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
import { isSecretHeader } from "../../events/redaction/RedactionNames.ts"
import * as ApiKey from "../../kernel/authentication/ApiKey.ts"
import type { Authentication, AuthenticationType } from "../../kernel/authentication/Authentication.ts"
import * as Credentials from "../../kernel/calls/Credentials.ts"
import type { Envelope } from "../../kernel/calls/VendorError.ts"
import * as BaseUrl from "../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../kernel/client/VendorClient.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../kernel/dialects/DialectVendor.ts"
<<<<<<< HEAD
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import * as CrossFieldCheck from "../../kernel/provider/CrossFieldCheck.ts"
=======
import type * as EmbeddingVendor from "../../kernel/embeddings/EmbeddingVendor.ts"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import { flag, texts, whole } from "../../kernel/provider/FieldSchema.ts"
>>>>>>> thirteen
import * as Provider from "../../kernel/provider/Provider.ts"
import * as ProviderData from "../../kernel/provider/ProviderData.ts"
import type * as RerankVendor from "../../kernel/rerank/RerankVendor.ts"
import { InferenceProvider } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
<<<<<<< HEAD
import * as LlamaStackFields from "./LlamaStackFields.ts"
import type * as VendorFields from "./VendorFields.ts"
=======
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
>>>>>>> thirteen

/** What a client may send with a request. Where the request goes is the configuration's to say. */
export const Data = Schema.Struct({ api_key: ProviderData.Key })

export interface Wire extends Pick<DialectVendor.Options, "dialect" | "path" | "models" | "headers"> {
  /** What the vendor is sent instead of a request of its dialect; absent: the request as it is. */
  readonly body?: (text: string, call: WireCall) => string
}

/** At which addresses a vendor answers nobody without a key. */
export type NeedsKey = "at its own address" | "always" | "never"

export interface Options<Config extends VendorFields.Config> {
  readonly type: `remote::${string}`
  readonly displayName: string
  readonly description: string
  readonly config: Schema.ConstraintDecoder<Config> & Schema.Top
  /** The vendor's own address; absent: each customer has another. */
  readonly base_url?: string
  /** The environment variable its key is usually in. */
  readonly keyVariable: string
  /** Default: at its own address. */
  readonly needsKey?: NeedsKey
  /** How it is asked. */
  readonly wire: (config: VendorFields.Resolved<Config>) => Wire
  /** How a request becomes one of an account; default: the key as a bearer token. */
<<<<<<< HEAD
  readonly authentication?: AuthenticationType<VendorFields.Resolved<Config>>
  /** Whether a configuration must say where the vendor is; default: where it has no address of its own. */
  readonly needsUrl?: boolean
  /** An address as it is meant, empty where none is written; default: as it is written. */
  readonly address?: (base_url: string, config: Config) => string
  /** What it serves instead of chat: `embeddings and reranking`; absent: it serves chat. */
  readonly serves?: string
  /** Models that the configuration names elsewhere than under `models`. */
  readonly models?: (config: Config) => ReadonlyArray<string> | undefined
  /** Fields that are taken and do nothing, and why. */
  readonly withoutEffect?: LlamaStackFields.WithoutEffect
=======
  readonly authentication?: AuthenticationType<Config>
  /** How it is asked for embeddings. Absent: it makes none. */
  readonly embeddings?: Pick<EmbeddingVendor.Options, "dialect" | "path">
  /** How it is asked to put items in order. Absent: it does not. */
  readonly rerank?: Pick<RerankVendor.Options, "dialect" | "path">
  /** Whether it has text completions; default: no. */
  readonly completions?: boolean
>>>>>>> thirteen
  readonly capabilities?: ReadonlyArray<string>
  readonly status?: Provider.Status
}

type Given = Effect.Effect<typeof Data.Type | undefined>

const hasKey = ({ api_key, headers }: VendorFields.Config): boolean =>
  (api_key !== undefined && Redacted.value(api_key) !== "") || Object.keys(headers).some(isSecretHeader)

const clientOf = Effect.fnUntraced(
  function*(config: VendorFields.Resolved<VendorFields.Config>, given: Given, authentication: Authentication) {
    const credentials = yield* Credentials.make(config, given, authentication)
    const client = yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))
    return client.pipe(
      HttpClient.mapRequest(yield* BaseUrl.prepend(BaseUrl.partsOf(config.base_url))),
      HttpClient.mapRequestEffect(credentials)
    )
  }
)

const chatless = (provider: string, serves: string, envelope: Envelope) =>
  new ProviderRejected({
    provider,
    status: 400,
    headers: {},
    text: JSON.stringify(envelope({
      message: `The provider ${provider} serves ${serves}, and answers no chat: name a model of another provider.`,
      param: "model",
      code: "unsupported_operation"
    }))
  })

export const make = <Config extends VendorFields.Config>(options: Options<Config>) => {
  const { address = (base_url) => base_url, authentication = ApiKey.bearer, keyVariable: variable, wire } = options
  const own = options.base_url

  /** Of other addresses nobody knows whether they need a key: they say so themselves. */
  const needsKey = (config: VendorFields.Resolved<Config>): boolean => {
    const { needsKey = "at its own address" } = options
    if (needsKey === "never" || hasKey(config)) return false
    return needsKey === "always" || BaseUrl.partsOf(config.base_url).path === own
  }

  const resolve = (config: Config): VendorFields.Resolved<Config> => {
    const resolved = LlamaStackFields.resolve(config)
    const models = options.models?.(config)
    return {
      ...resolved,
      base_url: address(resolved.base_url ?? "", config),
      ...models === undefined ? {} : { models: [...new Set([...models, ...resolved.models ?? []])] }
    }
  }

  const instanceOf = Effect.fnUntraced(function*(written: Config, provider: string) {
    for (const notice of LlamaStackFields.notices(written, options.withoutEffect)) {
      yield* Effect.logWarning(`${provider}: ${notice}`)
    }
    const config = resolve(written)
    const { body, ...asked } = wire(config)
    const given = authentication.takesClientKey
      ? ProviderData.of(Data, { api: InferenceApi.name, provider_id: provider })
      : Effect.undefined
    const authenticated = yield* authentication.make(config)
    const client = yield* clientOf(config, given, authenticated)
    const { countTokens, dialects, health, listModels, send } = DialectVendor.make({ ...asked, provider, client })
    const sendBody: typeof send = options.serves !== undefined
      ? () => Effect.fail(chatless(provider, options.serves!, asked.dialect.errors.envelope))
      : body === undefined
      ? send
      : (call) => send({ ...call, text: body(call.text, call) })
    const keyed = Credentials.requireKey(provider, given, asked.dialect.errors.envelope)
    const keyless = authenticated.sign === undefined && needsKey(config)
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
      send: keyless === undefined ? sendBody : (call) => Effect.andThen(keyed, sendBody(call)),
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
    config: CrossFieldCheck.also(
      options.config,
      options.needsUrl ?? own === undefined
        ? [LlamaStackFields.check, LlamaStackFields.checkUrl]
        : [LlamaStackFields.check]
    ),
    requires: [],
    capabilities: options.capabilities ?? ["streaming", "tools"],
    ...authentication.takesClientKey ? { providerData: Data } : {},
    ...options.status === undefined ? {} : { status: options.status },
    layer: (config, { provider_id }) => Layer.effect(InferenceProvider, instanceOf(config, provider_id))
  })
}
