/** The HTTP face of the inference contract. No server code: clients import this file too. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
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
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Inference", description: "Ask language models, whoever serves them." }))
{}
