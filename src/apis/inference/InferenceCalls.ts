/** Calls of the inference contract: how they are recorded, and answered again. */
import { Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import * as LlmEvents from "../../kernel/calls/LlmEvents.ts"
import type { ChatCompletionCall } from "../../kernel/dialects/chat/ChatCall.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"

const method: CallMethod<ProviderError> = {
  name: "inference.chatCompletion",
  input: ChatCompletionRequest,
  answer: ChatCompletion,
  element: ChatCompletionChunk,
  error: Schema.Union([ProviderRejected, ProviderFailed]),
  events: LlmEvents
}

/** A chat completion asked of a provider instance; the model is as that instance calls it. */
export const chatCompletion = (provider: string, { request, text }: ChatCompletionCall): Call<ProviderError> => ({
  method,
  provider,
  common: { provider, model: request.model, operation: "chat" },
  request: chat.summary.request(request),
  input: () => text,
  summarize: chat.summary.answer
})
