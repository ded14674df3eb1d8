/** The HTTP face of the inference contract. No server code: clients import this file too. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import * as Messages from "../../kernel/dialects/anthropic/described/Messages.ts"
import {
  AnthropicEvent,
  AnthropicMessage,
  AnthropicTokenCount,
  CountTokensRequest,
  MessagesRequest
} from "../../kernel/dialects/anthropic/Wire.ts"
import { chatCompletion, chatCompletionChunk } from "../../kernel/dialects/chat/described/Answers.ts"
import { chatCompletionRequest } from "../../kernel/dialects/chat/described/Requests.ts"
import { ChatCompletion, ChatCompletionFrame, ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import {
  CompletionRequest,
  TextCompletion,
  TextCompletionFrame
} from "../../kernel/dialects/completions/CompletionsWire.ts"
import { completionRequest, textCompletion } from "../../kernel/dialects/completions/described/TextCompletions.ts"
import { CreateEmbeddingsRequest, CreateEmbeddingsResponse } from "../../kernel/embeddings/EmbeddingsWire.ts"
import { answerErrors } from "../../kernel/http/AnswerErrors.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import { RerankRequest, RerankResponse } from "../../kernel/rerank/RerankWire.ts"
import {
  deleteChatCompletion,
  listChatCompletionMessages,
  listChatCompletions,
  retrieveChatCompletion,
  updateChatCompletion
} from "./StoredCompletionsRoutes.ts"

export class InferenceRoutes extends HttpApiGroup.make("inference")
  .add(
    HttpApiEndpoint.post("createChatCompletion", "/chat/completions", {
      payload: ChatCompletionRequest,
      success: [ChatCompletion, HttpApiSchema.StreamSse({ events: ChatCompletionFrame })],
      error: answerErrors
    }).annotate(DescribedWire, {
      request: chatCompletionRequest,
      response: chatCompletion,
      event: chatCompletionChunk
    }).annotateMerge(OpenApi.annotations({
      identifier: "createChatCompletion",
      summary: "Create a chat completion",
      description:
        "Asks a model to continue a conversation, in OpenAI's dialect. With `stream: true` the answer is a " +
        "stream of server-sent events that ends in `data: [DONE]`. The vendor's answer, its errors included, comes " +
        "back field by field as it was given; fields unknown to Strata survive both ways. With `store: true` the request's " +
        "messages and the answer are kept, to be listed and asked for."
    })),
    listChatCompletions,
    retrieveChatCompletion,
    updateChatCompletion,
    deleteChatCompletion,
    listChatCompletionMessages
  )
  .add(
    HttpApiEndpoint.post("createMessage", "/messages", {
      payload: MessagesRequest,
      success: [AnthropicMessage, HttpApiSchema.StreamSse({ events: AnthropicEvent })],
      error: answerErrors
    }).annotate(DescribedWire, {
      request: Messages.messagesRequest,
      response: Messages.message,
      event: Messages.event
    }).annotateMerge(OpenApi.annotations({
      identifier: "createMessage",
      summary: "Create a message",
      description:
        "Asks a model to continue a conversation, in Anthropic's dialect, whoever serves the model. With `stream: true` " +
        "the answer is a stream of server-sent events that ends in `message_stop`. Errors are in Anthropic's form. The " +
        "headers `anthropic-version` and `anthropic-beta` go on to a vendor that speaks the same dialect."
    }))
  )
  .add(
    HttpApiEndpoint.post("countMessageTokens", "/messages/count_tokens", {
      payload: CountTokensRequest,
      success: AnthropicTokenCount,
      error: answerErrors
    }).annotate(DescribedWire, {
      request: Messages.countTokensRequest,
      response: Messages.tokenCount
    }).annotateMerge(OpenApi.annotations({
      identifier: "countMessageTokens",
      summary: "Count a message's tokens",
      description:
        "Says how many tokens a message of Anthropic's dialect has before it is answered, whoever serves the model. " +
        "Providers of Anthropic and Gemini ask their vendor. For any other it is an estimate by a rule (four characters " +
        "a token), and the header `x-strata-token-count: estimated` says so. Errors are in Anthropic's form."
    }))
  )
  .add(
    HttpApiEndpoint.post("createCompletion", "/completions", {
      payload: CompletionRequest,
      success: [TextCompletion, HttpApiSchema.StreamSse({ events: TextCompletionFrame })],
      error: answerErrors
    }).annotate(DescribedWire, {
      request: completionRequest,
      response: textCompletion,
      event: textCompletion
    }).annotateMerge(OpenApi.annotations({
      identifier: "createCompletion",
      summary: "Create a text completion",
      description:
        "Asks a model to go on with a text, in OpenAI's dialect from before chat, where the model's provider has the " +
        "endpoint: no conversation is made of a prompt. With `stream: true` the answer is a stream of server-sent events " +
        "that ends in `data: [DONE]`. `echo`, `logprobs`, `n`, `best_of`, `suffix`, lists of prompts and tokens reach the " +
        "vendor as they are."
    }))
  )
  .add(
    HttpApiEndpoint.post("createEmbeddings", "/embeddings", {
      payload: CreateEmbeddingsRequest,
      success: CreateEmbeddingsResponse,
      error: answerErrors
    }).annotateMerge(OpenApi.annotations({
      identifier: "createEmbeddings",
      summary: "Create embeddings",
      description:
        "Makes a vector of each input, in OpenAI's dialect, whoever serves the model. `encoding_format` reaches the vendor " +
        "where the client sends it; vectors come back as the client asked for them, however the vendor gives them, in the " +
        "order of the inputs. An answer that lacks a vector, or has a value that is no number, is an error."
    }))
  )
  .prefix("/v1")
  .add(
    HttpApiEndpoint.post("rerank", "/v1alpha/inference/rerank", {
      payload: RerankRequest,
      success: RerankResponse,
      error: answerErrors
    }).annotateMerge(OpenApi.annotations({
      identifier: "rerank",
      summary: "Put items in order",
      description:
        "Says how much each item has to do with a query, the highest score first, as OGX and Llama Stack ask. Scores are " +
        "the model's: they compare within one answer."
    }))
  )
  .annotateMerge(OpenApi.annotations({ title: "Inference", description: "Ask language models, whoever serves them." }))
{}
