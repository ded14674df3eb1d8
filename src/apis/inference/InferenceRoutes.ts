/** The HTTP face of the inference contract. No server code: clients import this file too. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import {
  AnthropicEvent,
  AnthropicMessage,
  AnthropicTokenCount,
  CountTokensRequest,
  MessagesRequest
} from "../../kernel/dialects/anthropic/Wire.ts"
import { ChatCompletion, ChatCompletionFrame, ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import {
  BadGateway,
  BadRequest,
  Forbidden,
  GatewayTimeout,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"

export class InferenceRoutes extends HttpApiGroup.make("inference")
  .add(
    HttpApiEndpoint.post("createChatCompletion", "/chat/completions", {
      payload: ChatCompletionRequest,
      success: [ChatCompletion, HttpApiSchema.StreamSse({ events: ChatCompletionFrame })],
      error: [
        BadRequest,
        Forbidden,
        NotFound,
        PayloadTooLarge,
        UnsupportedMediaType,
        BadGateway,
        ServiceUnavailable,
        GatewayTimeout
      ]
    }).annotateMerge(OpenApi.annotations({
      identifier: "createChatCompletion",
      summary: "Create a chat completion",
      description:
        "Asks a model to continue a conversation, in OpenAI's dialect. With `stream: true` the answer is a " +
        "stream of server-sent events that ends in `data: [DONE]`. The vendor's answer, its errors included, comes " +
        "back field by field as it was given; fields unknown to Strata survive both ways."
    }))
  )
  .add(
    HttpApiEndpoint.post("createMessage", "/messages", {
      payload: MessagesRequest,
      success: [AnthropicMessage, HttpApiSchema.StreamSse({ events: AnthropicEvent })],
      error: [
        BadRequest,
        Forbidden,
        NotFound,
        PayloadTooLarge,
        UnsupportedMediaType,
        BadGateway,
        ServiceUnavailable,
        GatewayTimeout
      ]
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
      error: [
        BadRequest,
        Forbidden,
        NotFound,
        PayloadTooLarge,
        UnsupportedMediaType,
        BadGateway,
        ServiceUnavailable,
        GatewayTimeout
      ]
    }).annotateMerge(OpenApi.annotations({
      identifier: "countMessageTokens",
      summary: "Count a message's tokens",
      description:
        "Says how many tokens a message of Anthropic's dialect has before it is answered, whoever serves the model. " +
        "Providers of Anthropic and Gemini ask their vendor. For any other it is an estimate by a rule (four characters " +
        "a token), and the header `x-strata-token-count: estimated` says so. Errors are in Anthropic's form."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Inference", description: "Ask language models, whoever serves them." }))
{}
