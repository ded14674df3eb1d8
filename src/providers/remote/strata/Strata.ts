/** `remote::strata` for inference: another Strata, or an OGX server, answers; its bytes pass through untouched. */
import { Effect, Result } from "effect"
import { HttpApi, HttpApiClient } from "effect/http-api"
import { InferenceProvider } from "../../../apis/inference/Inference.ts"
import type { ProviderModel } from "../../../apis/inference/Inference.ts"
import { InferenceApi } from "../../../apis/inference/InferenceApi.ts"
import { InferenceRoutes } from "../../../apis/inference/InferenceRoutes.ts"
import { ModelsRoutes } from "../../../apis/models/ModelsRoutes.ts"
import * as OpenAiBatches from "../../../kernel/batches/OpenAiBatches.ts"
import * as VendorBatch from "../../../kernel/batches/VendorBatch.ts"
import { anthropic } from "../../../kernel/dialects/anthropic/AnthropicDialect.ts"
import { countTokens } from "../../../kernel/dialects/anthropic/CountTokens.ts"
import { openAiChat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import { completions } from "../../../kernel/dialects/completions/CompletionsDialect.ts"
import * as DialectVendor from "../../../kernel/dialects/DialectVendor.ts"
import type { WireCall } from "../../../kernel/dialects/WireCall.ts"
import * as EmbeddingVendor from "../../../kernel/embeddings/EmbeddingVendor.ts"
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import * as MediaOperation from "../../../kernel/media/MediaOperation.ts"
import * as MediaVendor from "../../../kernel/media/MediaVendor.ts"
import { estimatedHeader } from "../../../kernel/messages/TokenCount.ts"
import { llamaStackRerank } from "../../../kernel/rerank/LlamaStackRerank.ts"
import * as RerankVendor from "../../../kernel/rerank/RerankVendor.ts"
import * as RemoteApi from "./RemoteApi.ts"

/** The other server says in a header that it has not counted, but reckoned. */
const raiseCount: typeof countTokens.raise = (body, headers = {}) =>
  Result.map(
    countTokens.raise(body),
    (count) => headers[estimatedHeader[0]] === estimatedHeader[1] ? { ...count, estimated: true } : count
  )

const url = HttpApiClient.urlBuilder(HttpApi.make("remote").add(InferenceRoutes).add(ModelsRoutes))

/** Two servers that list each other's models list them in a circle: of `a/b/a/b/a/b/model` two rounds are enough. */
const circle = /^(.+?\/)\1\1/
const isCircular = ({ id }: ProviderModel): boolean => circle.test(id)

export const Strata = RemoteApi.make({
  api: InferenceApi,
  routes: InferenceRoutes,
  description: "Another Strata, or an OGX server: every model it lists, and every API it shares.",
  capabilities: [
    "chat_completions",
    "messages",
    "completions",
    "embeddings",
    "rerank",
    "batches",
    ...MediaOperation.names,
    "streaming",
    "tools"
  ],
  service: (remote) => {
    const asChat = DialectVendor.make({
      ...remote,
      dialect: openAiChat,
      path: () => url.inference.createChatCompletion(),
      models: { path: url.models.listModels() }
    })
    const asAnthropic = DialectVendor.make({
      ...remote,
      dialect: {
        ...anthropic,
        countTokens: { ...countTokens, path: () => url.inference.countMessageTokens(), raise: raiseCount }
      },
      path: () => url.inference.createMessage()
    })
    const send = (call: WireCall) => call.dialect.name === anthropic.name ? asAnthropic.send(call) : asChat.send(call)
    const completer = DialectVendor.make({
      ...remote,
      dialect: completions,
      path: () => url.inference.createCompletion()
    })
    const { embed } = EmbeddingVendor.make({
      ...remote,
      dialect: openAiEmbeddings,
      path: () => url.inference.createEmbeddings()
    })
    const { rerank } = RerankVendor.make({ ...remote, dialect: llamaStackRerank, path: () => url.inference.rerank() })
    const { send: sendMedia } = MediaVendor.make({ ...remote, path: ({ path }) => `/v1${path}` })
    return InferenceProvider.of({
      media: MediaOperation.names,
      sendMedia: (call) => Effect.andThen(remote.bounded, sendMedia(call)),
      dialects: [...asChat.dialects, ...asAnthropic.dialects],
      send: (call) => Effect.andThen(remote.bounded, send(call)),
      countTokens: (request, headers) =>
        Effect.mapError(
          Effect.andThen(remote.bounded, asAnthropic.countTokens!(request, headers)),
          DialectVendor.raised(anthropic)
        ),
      completeText: (call) => Effect.andThen(remote.bounded, completer.send(call)),
      batches: VendorBatch.preceded(
        OpenAiBatches.make(remote, ["/v1/chat/completions", "/v1/embeddings", "/v1/completions"], "/v1"),
        remote.bounded
      ),
      embed: (request) => Effect.andThen(remote.bounded, embed(request)),
      rerank: (request) => Effect.andThen(remote.bounded, rerank(request)),
      models: {
        source: "discovery",
        // The other server has names of its own for one model: rules here are about those it lists.
        unlisted: false,
        list: Effect.map(asChat.listModels, (models) => models.filter((model) => !isCircular(model)))
      }
    })
  }
})
