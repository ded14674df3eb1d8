/** Binds the inference endpoints to the `Inference` service. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import { anthropic } from "../../kernel/dialects/anthropic/AnthropicDialect.ts"
import { countTokens } from "../../kernel/dialects/anthropic/CountTokens.ts"
import type { CountTokensRequest, MessagesRequest } from "../../kernel/dialects/anthropic/Wire.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import type { ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import { completions } from "../../kernel/dialects/completions/CompletionsDialect.ts"
import type { CompletionRequest } from "../../kernel/dialects/completions/CompletionsWire.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as VendorHeaders from "../../kernel/dialects/VendorHeaders.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import * as EmbeddingsAnswer from "../../kernel/embeddings/EmbeddingsAnswer.ts"
import type { CreateEmbeddingsRequest } from "../../kernel/embeddings/EmbeddingsWire.ts"
import { estimatedHeader } from "../../kernel/messages/TokenCount.ts"
import type { TokenCount } from "../../kernel/messages/TokenCount.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as BytesHandler from "../../kernel/modules/BytesHandler.ts"
import * as AwaitedStream from "../../kernel/requests/AwaitedStream.ts"
import type { RerankRequest } from "../../kernel/rerank/RerankWire.ts"
import * as ChatFiles from "./ChatFiles.ts"
import { Inference } from "./Inference.ts"
import { InferenceRoutes } from "./InferenceRoutes.ts"
import * as StoredCompletions from "./StoredCompletions.ts"
import * as StoredCompletionsHandlers from "./StoredCompletionsHandlers.ts"
import * as StoringAnswer from "./StoringAnswer.ts"
import { failed } from "./VendorRefusal.ts"

const headersFor = Effect.map(
  VendorHeaders.current,
  (headers) => Object.keys(headers).length === 0 ? {} : { headers }
)

const countAnswer = (count: TokenCount) =>
  Bytes.json(
    200,
    JSON.stringify(countTokens.answer(count)),
    count.estimated === true ? Object.fromEntries([estimatedHeader]) : {}
  )

interface Asked {
  readonly model: string
  readonly stream?: boolean | null
}

export const InferenceHandlers = ApiHandlers.make(
  InferenceRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    const stored = yield* StoredCompletions.make

    const answer = (call: WireCall) => {
      const answer = Effect.catch(inference.send(call), failed)
      return call.stream ? Effect.andThen(AwaitedStream.announce, answer) : answer
    }
    const count = (call: WireCall) =>
      Effect.catch(Effect.map(inference.countTokens(call), (count): Bytes.Bytes => countAnswer(count)), failed)
    const complete = (call: WireCall) => {
      const answer = Effect.catch(inference.completeText(call), failed)
      return call.stream ? Effect.andThen(AwaitedStream.announce, answer) : answer
    }
    const embed = (request: CreateEmbeddingsRequest) =>
      Effect.catch(
        Effect.map(inference.embed(request), (response): Bytes.Bytes =>
          Bytes.json(200, JSON.stringify(EmbeddingsAnswer.body(response)))),
        failed
      )
    const rerank = (request: RerankRequest) =>
      Effect.catch(
        Effect.map(inference.rerank(request), (response): Bytes.Bytes => Bytes.json(200, JSON.stringify(response))),
        failed
      )
    const callOf = (dialect: Dialect, request: Asked, text: string): WireCall => {
      const body = request as unknown as Schema.JsonObject
      return { dialect, model: request.model, stream: request.stream === true, body, text }
    }

    /** What names no file is not looked through: most requests do not. */
    const chatAnswer = (request: ChatCompletionRequest, text: string) => {
      if (!text.includes("\"file_id\"")) return answer(callOf(chat, request, text))
      const given = callOf(chat, request, text)
      return Effect.matchEffect(ChatFiles.resolved(given.body), {
        onFailure: failed,
        onSuccess: (body) => answer(body === given.body ? given : { ...given, body, text: JSON.stringify(body) })
      })
    }

    return handlers.handleAll({
      createChatCompletion: BytesHandler.make((request: ChatCompletionRequest, text) =>
        request["store"] === true
          ? StoringAnswer.of(stored, request, chatAnswer(request, text))
          : chatAnswer(request, text)
      ),
      ...StoredCompletionsHandlers.of(stored),
      createMessage: BytesHandler.make((request: MessagesRequest, text) =>
        Effect.flatMap(headersFor, (headers) => answer({ ...callOf(anthropic, request, text), ...headers }))
      ),
      createCompletion: BytesHandler.make((request: CompletionRequest, text) =>
        complete(callOf(completions, request, text))
      ),
      createEmbeddings: BytesHandler.make((request: CreateEmbeddingsRequest) => embed(request)),
      rerank: BytesHandler.make((request: RerankRequest) => rerank(request)),
      countMessageTokens: BytesHandler.make((request: CountTokensRequest, text) =>
        Effect.flatMap(headersFor, (headers) => count({ ...callOf(anthropic, request, text), ...headers }))
      )
    })
  })
)
