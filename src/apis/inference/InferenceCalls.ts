/** Calls of the inference contract: how they are recorded, and answered again. */
import { Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import * as LlmEvents from "../../kernel/calls/LlmEvents.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"

/** By the dialect. Chat's name is older than the others, and stands in logs. */
const names: Readonly<Record<string, string>> = { chat: "inference.chatCompletion", canonical: "inference.complete" }

const methods = new Map<string, CallMethod<ProviderError>>()

const methodOf = (dialect: string): CallMethod<ProviderError> => {
  const before = methods.get(dialect)
  if (before !== undefined) return before
  const method = {
    name: names[dialect] ?? `inference.${dialect}`,
    input: Schema.JsonObject,
    answer: Schema.JsonObject,
    element: Schema.JsonObject,
    error: Schema.Union([ProviderRejected, ProviderFailed]),
    events: LlmEvents
  }
  methods.set(dialect, method)
  return method
}

/** What is asked of a provider instance; the model is as that instance calls it. */
export const of = (provider: string, { body, dialect, model, text }: WireCall): Call<ProviderError> => ({
  method: methodOf(dialect.name),
  provider,
  common: { provider, model, operation: "chat" },
  request: dialect.summary.request(body),
  input: () => text,
  summarize: dialect.summary.answer
})
