/** `remote::openai`: any vendor that speaks OpenAI's dialect (OpenAI, Ollama, vLLM, Groq, a llama.cpp server …). */
import { Duration, Effect, flow, Layer, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { InferenceProvider } from "../../../apis/inference/Inference.ts"
import { ConfiguredSecrets, isSecretName } from "../../../events/Redaction.ts"
import * as ConfigField from "../../../kernel/ConfigField.ts"
import { InferenceApi } from "../../../kernel/inference/InferenceApi.ts"
import * as OpenAiDialect from "../../../kernel/inference/OpenAiDialect.ts"
import * as Provider from "../../../kernel/Provider.ts"

// --- configuration ---------------------------------------------------------

export const Config = Schema.Struct({
  base_url: Schema.NonEmptyString.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("https://api.openai.com/v1"))
  ).annotate({ description: "Where the API begins, `/v1` included. Default https://api.openai.com/v1." })
    .pipe(ConfigField.annotate({ prompt: "Base URL of the API, /v1 included" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent as a bearer token. Absent or empty: none is sent."
  }).pipe(ConfigField.annotate({ env: "OPENAI_API_KEY", prompt: "API key (empty: none is sent)" })),
  models: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)).annotate({
    description: "The vendor's ids of the models to serve. Absent: the vendor's own list, `GET /models`."
  }).pipe(ConfigField.annotate({ prompt: "Models to serve (empty: all the vendor lists)" })),
  headers: Schema.Record(Schema.String, Schema.String).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({ description: "Sent with every request, for example `OpenAI-Organization`." })
    .pipe(ConfigField.annotate({ prompt: "Headers to send with every request" })),
  timeout_ms: Schema.Int.check(Schema.isGreaterThan(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(600_000))
  ).annotate({ description: "How long the vendor may take to begin its answer, milliseconds. Default 600000." })
    .pipe(ConfigField.annotate({
      displayName: "Timeout",
      prompt: "Milliseconds the vendor may take to begin its answer"
    }))
})
export type Config = typeof Config.Type

// --- lowering: base URL, keys and headers ----------------------------------

const authorize = ({ api_key }: Config) =>
  api_key === undefined || Redacted.value(api_key) === ""
    ? (request: HttpClientRequest.HttpClientRequest) => request
    : HttpClientRequest.bearerToken(api_key)

const lower = (config: Config) =>
  flow(
    HttpClientRequest.prependUrl(config.base_url.replace(/\/+$/, "")),
    HttpClientRequest.setHeaders(config.headers),
    authorize(config)
  )

// --- layer -----------------------------------------------------------------

export const OpenAi = Provider.make({
  api: InferenceApi,
  type: "remote::openai",
  displayName: "OpenAI and compatible",
  description: "Any vendor that speaks OpenAI's dialect, at any base URL.",
  config: Config,
  requires: [],
  capabilities: ["chat_completions", "streaming", "tools"],
  layer: (config, { provider_id }) =>
    Layer.effect(
      InferenceProvider,
      Effect.gen(function*() {
        const secrets = yield* ConfiguredSecrets
        if (config.api_key !== undefined) secrets.add(config.api_key)
        for (const [name, value] of Object.entries(config.headers)) if (isSecretName(name)) secrets.add(value)
        const client = HttpClient.mapRequest(yield* HttpClient.HttpClient, lower(config))
        const { chatCompletion, listModels } = OpenAiDialect.make({
          provider: provider_id,
          client,
          timeout: Duration.millis(config.timeout_ms)
        })
        const configured = config.models?.map((id) => ({ id, created: 0, owned_by: provider_id }))
        return InferenceProvider.of({
          chatCompletion,
          models: configured === undefined
            ? { source: "discovery", list: listModels }
            : { source: "configuration", list: Effect.succeed(configured) }
        })
      })
    )
})
