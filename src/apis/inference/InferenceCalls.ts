/** Calls of the inference contract: how they are recorded, and answered again. */
import { Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import * as LlmEvents from "../../kernel/calls/LlmEvents.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as Dialects from "../../kernel/dialects/Dialects.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"

/** By the dialect. Chat's name is older than the others, and stands in logs. */
const names: Readonly<Record<string, string>> = {
  chat: "inference.chatCompletion",
  canonical: "inference.complete",
  completions: "inference.textCompletion"
}

const nameOf = (dialect: string): string => names[dialect] ?? `inference.${dialect}`

/** The dialect of a call that was recorded by its method's name; `client`: that of who asks. */
export const dialectOf = (method: string, client: Dialect): Dialect =>
  [client, ...Dialects.all].find(({ name }) => nameOf(name) === method) ?? client

const methods = new Map<string, CallMethod<ProviderError>>()

const methodOf = (dialect: string): CallMethod<ProviderError> => {
  const before = methods.get(dialect)
  if (before !== undefined) return before
  const method = {
    name: nameOf(dialect),
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
export const of = (provider: string, { body, dialect, model, stream, text }: WireCall): Call<ProviderError> => ({
  method: methodOf(dialect.name),
  provider,
  common: { provider, model, operation: dialect.operation ?? "chat" },
  // Where a dialect says it in its path, the body says nothing of it.
  request: { ...dialect.summary.request(body), stream },
  input: () => text,
  summarize: dialect.summary.answer
})
