/**
 * Who asks a Strata for models of `effect/ai`: over HTTP (here), or in process (`InProcessClient.ts`).
 *
 * @example
 * StrataLanguageModel.layer({ model: "openai/gpt-5" }).pipe(
 *   Layer.provide(StrataClient.layer({ baseUrl: "http://127.0.0.1:8321", apiKey })),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 */
import { Context, Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApi, HttpApiClient } from "effect/http-api"
import type { AppendFailed } from "../../../events/log/EventHub.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../../kernel/dialects/DialectVendor.ts"
import type { WireCall, WireResponse } from "../../../kernel/dialects/WireCall.ts"
import type { EmbeddingsRequest, EmbeddingsResponse } from "../../../kernel/embeddings/EmbeddingsWire.ts"
import * as EmbeddingVendor from "../../../kernel/embeddings/EmbeddingVendor.ts"
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import type { SessionExists } from "../../../kernel/http/SessionErrors.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import { requestHeader, sessionHeader } from "../../../kernel/requests/RequestIds.ts"
import type { InferenceError } from "../Inference.ts"
import { InferenceRoutes } from "../InferenceRoutes.ts"

/** How what is asked fails, wherever the Strata is. */
export type AskFailure = InferenceError | LlmError | AppendFailed | SessionExists

export interface AskOptions {
  /** The session that requests join; absent: each has one of its own. */
  readonly session?: string | undefined
}

export class StrataClient extends Context.Service<StrataClient, {
  /** A request of the chat dialect, answered in it. Its headers say under which ids it stands in the log. */
  readonly send: (call: WireCall, options: AskOptions) => Effect.Effect<WireResponse, AskFailure>
  readonly embed: (
    request: EmbeddingsRequest,
    options: AskOptions
  ) => Effect.Effect<EmbeddingsResponse, AskFailure>
}>()("strata/apis/inference/bridge/StrataClient") {}

export interface Options {
  /** Where the Strata answers, with or without `/v1` at its end. */
  readonly baseUrl: string
  /** As the server knows the client; absent: the server asks for none. */
  readonly apiKey?: Redacted.Redacted | undefined
}

const url = HttpApiClient.urlBuilder(HttpApi.make("remote").add(InferenceRoutes))

/** Names the Strata in what fails. */
const provider = "strata"

const ids = [requestHeader, sessionHeader] as const

const make = Effect.fnUntraced(function*({ apiKey, baseUrl }: Options) {
  const { path, query } = BaseUrl.partsOf(baseUrl)
  const prepend = yield* BaseUrl.prepend({ path: path.replace(/\/v1$/, ""), query })
  const client = (yield* HttpClient.HttpClient).pipe(
    HttpClient.mapRequest(prepend),
    HttpClient.mapRequest((request) =>
      apiKey === undefined ? request : HttpClientRequest.bearerToken(request, Redacted.value(apiKey))
    )
  )

  const joining = ({ session }: AskOptions): HttpClient.HttpClient =>
    session === undefined ? client : HttpClient.mapRequest(client, HttpClientRequest.setHeader(sessionHeader, session))

  return StrataClient.of({
    send: (call, options) =>
      Effect.suspend(() => {
        const named: Record<string, string> = {}
        const { send } = DialectVendor.make({
          provider,
          dialect: chat,
          path: () => url.inference.createChatCompletion(),
          client: HttpClient.tap(joining(options), ({ headers }) =>
            Effect.sync(() => {
              for (const id of ids) if (headers[id] !== undefined) named[id] = headers[id]
            }))
        })
        return Effect.map(send(call), (answer) => ({ ...answer, headers: { ...answer.headers, ...named } }))
      }),
    embed: (request, options) =>
      EmbeddingVendor.make({
        provider,
        dialect: openAiEmbeddings,
        path: () => url.inference.createEmbeddings(),
        client: joining(options)
      }).embed(request)
  })
})

/** Over HTTP. Recording, keys of vendors and retries are the server's. */
export const layer = (options: Options): Layer.Layer<StrataClient, never, HttpClient.HttpClient> =>
  Layer.effect(StrataClient, make(options))
