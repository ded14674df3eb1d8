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
import { Clock, Effect, Layer, Redacted, Schema } from "effect"
import { HttpClient } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import { isSecretHeader } from "../../events/redaction/RedactionNames.ts"
import * as ApiKey from "../../kernel/authentication/ApiKey.ts"
import type { Authentication, AuthenticationType } from "../../kernel/authentication/Authentication.ts"
import * as ConfiguredKeys from "../../kernel/authentication/ConfiguredKeys.ts"
import * as KeyPool from "../../kernel/authentication/KeyPool.ts"
import type * as BatchAsker from "../../kernel/batches/BatchAsker.ts"
import type { VendorBatches } from "../../kernel/batches/VendorBatch.ts"
import * as VendorBatch from "../../kernel/batches/VendorBatch.ts"
import * as Credentials from "../../kernel/calls/Credentials.ts"
import * as BaseUrl from "../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../kernel/client/VendorClient.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as DialectVendor from "../../kernel/dialects/DialectVendor.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import type * as EmbeddingVendor from "../../kernel/embeddings/EmbeddingVendor.ts"
import type { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import * as CrossFieldCheck from "../../kernel/provider/CrossFieldCheck.ts"
import * as Provider from "../../kernel/provider/Provider.ts"
import * as ProviderData from "../../kernel/provider/ProviderData.ts"
import * as ConfiguredReliability from "../../kernel/reliability/ConfiguredReliability.ts"
import { ReliabilityStates } from "../../kernel/reliability/ReliabilityStates.ts"
import type * as RerankVendor from "../../kernel/rerank/RerankVendor.ts"
import { InferenceProvider } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as LlamaStackFields from "./LlamaStackFields.ts"
import type * as VendorFields from "./VendorFields.ts"
import * as VendorOperations from "./VendorOperations.ts"

/** What a client may send with a request. Where the request goes is the configuration's to say. */
export const Data = Schema.Struct({ api_key: ProviderData.Key })

export interface Wire extends Pick<DialectVendor.Options, "dialect" | "path" | "models" | "headers"> {
  /** Others that the vendor speaks at the same address: their bytes pass, too. */
  readonly also?: ReadonlyArray<Dialect>
  /** What the vendor is sent instead of a request of its dialect; absent: the request as it is. */
  readonly body?: (text: string, call: WireCall) => string
  /** How it is asked for embeddings and the like, where the configuration says it; they go before those of the type. */
  readonly operations?: VendorOperations.Operations
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
  readonly wire: (config: Config) => Wire
  /** How a request becomes one of an account; default: the key as a bearer token. */
  readonly authentication?: AuthenticationType<Config>
  /** Whether a configuration must say where the vendor is; default: where it has no address of its own. */
  readonly needsUrl?: boolean
  /** Where the vendor is, whatever the configuration says of it; default: its base_url. */
  readonly address?: (config: Config) => string
  /** Whether it chats; default: yes. */
  readonly chats?: boolean
  /** Models that the configuration names elsewhere than under `models`. */
  readonly models?: (config: Config) => ReadonlyArray<string> | undefined
  /** Fields that are taken and do nothing, and why. */
  readonly withoutEffect?: LlamaStackFields.WithoutEffect
  /** How it is asked for embeddings. Absent: it makes none. */
  readonly embeddings?: Pick<EmbeddingVendor.Options, "dialect" | "path">
  /** How it is asked to put items in order. Absent: it does not. */
  readonly rerank?: Pick<RerankVendor.Options, "dialect" | "path">
  /** Whether it has text completions; default: no. */
  readonly completions?: boolean
  /** Moderations, sound and pictures: those it has; default: none. */
  readonly media?: NonNullable<VendorOperations.Operations["media"]>
  /** How its vendor is asked to do batches; default: it is not. */
  readonly batches?: (options: Omit<BatchAsker.Options, "envelope">) => VendorBatches
  readonly capabilities?: ReadonlyArray<string>
  readonly status?: Provider.Status
}

type Given = Effect.Effect<typeof Data.Type | undefined>

const hasKey = ({ api_key, api_keys, headers }: VendorFields.Config): boolean =>
  api_keys !== undefined || (api_key !== undefined && Redacted.value(api_key) !== "") ||
  Object.keys(headers).some(isSecretHeader)

/** A path goes behind the address; what is a URL already stays. */
const isAddress = ({ url }: HttpClientRequest.HttpClientRequest): boolean => /^https?:\/\//.test(url)

const clientOf = Effect.fnUntraced(
  function*(
    config: Credentials.Configured & TimeLimits.Configured,
    base_url: string,
    given: Given,
    authentication: Authentication
  ) {
    const credentials = yield* Credentials.make(config, given, authentication)
    const client = yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))
    const prepend = yield* BaseUrl.prepend(BaseUrl.partsOf(base_url))
    return client.pipe(
      HttpClient.mapRequest((request) => isAddress(request) ? request : prepend(request)),
      HttpClient.mapRequestEffect(credentials)
    )
  }
)

/** Undefined where there is one key, or none. */
const keysOf = ({ api_keys }: VendorFields.Config, { authorize }: Authentication) =>
  api_keys === undefined || authorize === undefined
    ? Effect.undefined
    : KeyPool.make(api_keys.map(ConfiguredKeys.sourceOf))

/** One place for keys. */
const oneOrSeveral: CrossFieldCheck.CrossFieldCheck = ({ api_key, api_keys }) =>
  (api_key ?? "") !== "" && api_keys !== undefined
    ? [{ key: "api_keys", message: "api_key stands there, too: put it into the list, or leave the list out" }]
    : []

export const make = <Config extends VendorFields.Config>(options: Options<Config>) => {
  const { address = ({ base_url = "" }) => base_url, authentication = ApiKey.bearer, keyVariable: variable, wire } =
    options
  const own = options.base_url

  /** Of other addresses nobody knows whether they need a key: they say so themselves. */
  const needsKey = (config: Config): boolean => {
    const { needsKey = "at its own address" } = options
    if (needsKey === "never" || hasKey(config)) return false
    return needsKey === "always" || BaseUrl.partsOf(address(config)).path === own
  }

  const resolve = (config: Config): Config => {
    const resolved = LlamaStackFields.resolve(config)
    const models = options.models?.(config)
    return models === undefined
      ? resolved
      : { ...resolved, models: [...new Set([...models, ...resolved.models ?? []])] }
  }

  const instanceOf = Effect.fnUntraced(function*(written: Config, provider: string) {
    for (const notice of LlamaStackFields.notices(written, options.withoutEffect)) {
      yield* Effect.logWarning(`${provider}: ${notice}`)
    }
    const config = resolve(written)
    const { also = [], body, operations, ...asked } = wire(config)
    const given = authentication.takesClientKey
      ? ProviderData.of(Data, { api: InferenceApi.name, provider_id: provider })
      : Effect.undefined
    const authenticated = yield* authentication.make(config)
    const keys = yield* keysOf(config, authenticated)
    const client = yield* clientOf({ ...config, keys }, address(config), given, authenticated)
    const { countTokens, dialects, health, listModels, send } = DialectVendor.several(
      { ...asked, provider, client },
      also
    )
    const { chats = true } = options
    const sendBody: typeof send = body === undefined ? send : (call) => send({ ...call, text: body(call.text, call) })
    const keyless = authenticated.sign === undefined && needsKey(config)
      ? Effect.fail(new Credentials.KeyMissing({ provider, variable }))
      : undefined
    /** What must hold before it is asked, told in a dialect; undefined: nothing. */
    const keyedIn = ({ envelope }: Dialect["errors"]): Effect.Effect<void, ProviderRejected> | undefined => {
      if (keyless !== undefined) return Credentials.requireKey(provider, given, envelope)
      return keys === undefined ? undefined : Credentials.requireRestedKey({ provider, keys, given, envelope })
    }
    const keyed = keyedIn(asked.dialect.errors)
    const reliability = ConfiguredReliability.of(config, keys, yield* Clock.Clock)
    if (reliability !== undefined) {
      ;(yield* ReliabilityStates)?.set(`${InferenceApi.name}/${provider}`, reliability)
    }
    const configured = config.models?.map((id) => ({ id, created: 0, owned_by: provider }))
    return InferenceProvider.of({
      ...chats
        ? { dialects, send: keyed === undefined ? sendBody : (call) => Effect.andThen(keyed, sendBody(call)) }
        : {},
      ...config.repair_tool_sequences ? { repairs: true } : {},
      ...countTokens === undefined ? {} : {
        countTokens: (request, headers) =>
          Effect.mapError(
            keyed === undefined
              ? countTokens(request, headers)
              : Effect.andThen(keyed, countTokens(request, headers)),
            DialectVendor.raised(asked.dialect)
          )
      },
      ...VendorOperations.make({ ...options, ...operations }, {
        provider,
        client,
        ...asked.headers === undefined ? {} : { headers: asked.headers },
        ...keyed === undefined ? {} : { keyed: keyedIn(chat.errors)! }
      }),
      ...options.batches === undefined ? {} : {
        batches: VendorBatch.preceded(
          options.batches({ provider, client, ...asked.headers === undefined ? {} : { headers: asked.headers } }),
          keyed ?? Effect.void
        )
      },
      continuations: config.auto_continue.max_continuations,
      ...reliability === undefined ? {} : { reliability: () => reliability },
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
        ? [LlamaStackFields.check, oneOrSeveral, LlamaStackFields.checkUrl]
        : [LlamaStackFields.check, oneOrSeveral]
    ),
    requires: [],
    capabilities: options.capabilities ?? ["streaming", "tools"],
    ...authentication.takesClientKey ? { providerData: Data } : {},
    ...options.status === undefined ? {} : { status: options.status },
    layer: (config, { provider_id }) => Layer.effect(InferenceProvider, instanceOf(config, provider_id))
  })
}
