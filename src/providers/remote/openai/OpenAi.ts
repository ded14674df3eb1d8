/** `remote::openai`: any vendor that speaks OpenAI's dialect (OpenAI, Ollama, vLLM, Groq, a llama.cpp server …). */
import { Effect, Layer, Redacted, Schema } from "effect"
import { HttpClient } from "effect/http"
import { InferenceProvider } from "../../../apis/inference/Inference.ts"
import { InferenceApi } from "../../../apis/inference/InferenceApi.ts"
import { isSecretHeader } from "../../../events/redaction/RedactionNames.ts"
import * as Credentials from "../../../kernel/calls/Credentials.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../../kernel/client/VendorClient.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../../kernel/dialects/DialectVendor.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { texts } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as ProviderData from "../../../kernel/provider/ProviderData.ts"

// --- configuration ---------------------------------------------------------

const openAiUrl = "https://api.openai.com/v1"
const keyVariable = "OPENAI_API_KEY"

export const Config = Schema.Struct({
  base_url: BaseUrl.field.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(openAiUrl))
  ).annotate({
    description: `Where the API begins, \`/v1\` included. A query goes with each request. Default ${openAiUrl}.`
  })
    .pipe(FieldPrompt.annotate({ prompt: "Base URL of the API, /v1 included" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent as a bearer token. Absent or empty: none is sent."
  }).pipe(FieldPrompt.annotate({ env: keyVariable, prompt: "API key (empty: none is sent)" })),
  models: texts({
    description: "The vendor's ids of the models to serve. Absent: the vendor's own list, `GET /models`."
  }).pipe(FieldPrompt.annotate({ prompt: "Models to serve (empty: all the vendor lists)" })),
  headers: Schema.Record(Schema.String, Schema.String).annotate({ expected: "a mapping of names to texts" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({ description: "Sent with every request, for example `OpenAI-Organization`." })
    .pipe(FieldPrompt.annotate({ prompt: "Headers to send with every request" })),
  ...TimeLimits.fields("the vendor")
})
export type Config = typeof Config.Type

/** What a client may send with a request. Where the request goes is the configuration's to say. */
export const Data = Schema.Struct({ api_key: ProviderData.Key })

// --- lowering: base URL, keys and headers ----------------------------------

/** Of other vendors nobody knows whether they need a key: they say so themselves. */
const needsKey = ({ api_key, base_url, headers }: Config): boolean =>
  BaseUrl.partsOf(base_url).path === openAiUrl && (api_key === undefined || Redacted.value(api_key) === "") &&
  !Object.keys(headers).some(isSecretHeader)

const lower = Effect.fnUntraced(function*(config: Config, instance: ProviderData.Instance) {
  const authorize = yield* Credentials.make(config, ProviderData.of(Data, instance))
  const client = yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))
  return client.pipe(
    HttpClient.mapRequestEffect(authorize),
    HttpClient.mapRequest(yield* BaseUrl.prepend(BaseUrl.partsOf(config.base_url)))
  )
})

// --- layer -----------------------------------------------------------------

export const OpenAi = Provider.make({
  api: InferenceApi,
  type: "remote::openai",
  displayName: "OpenAI and compatible",
  description: "Any vendor that speaks OpenAI's dialect, at any base URL.",
  config: Config,
  requires: [],
  capabilities: ["chat_completions", "streaming", "tools"],
  providerData: Data,
  layer: (config, { provider_id }) =>
    Layer.effect(
      InferenceProvider,
      Effect.gen(function*() {
        const instance = { api: InferenceApi.name, provider_id }
        const { dialects, health, listModels, send } = DialectVendor.make({
          dialect: chat,
          provider: provider_id,
          client: yield* lower(config, instance)
        })
        const keyed = Credentials.requireKey(provider_id, ProviderData.of(Data, instance), chat.errors.envelope)
        const keyless = needsKey(config)
          ? Effect.fail(new Credentials.KeyMissing({ provider: provider_id, variable: keyVariable }))
          : undefined
        const configured = config.models?.map((id) => ({ id, created: 0, owned_by: provider_id }))
        return InferenceProvider.of({
          dialects,
          send: keyless === undefined ? send : (call) => Effect.andThen(keyed, send(call)),
          ...configured === undefined
            ? { models: { source: "discovery", list: keyless ?? listModels } }
            : { models: { source: "configuration", list: Effect.succeed(configured) }, health: keyless ?? health }
        })
      })
    )
})
