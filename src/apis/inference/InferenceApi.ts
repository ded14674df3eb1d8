/** Inference as an API that providers implement: pairs the router with the slot of its instances. */
import { Predicate, Schema, Stream } from "effect"
import type { Context } from "effect"
import { Search, VendorBatch, VendorLineAnswer } from "../../kernel/batches/VendorBatch.ts"
import { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import { TokenCount } from "../../kernel/messages/TokenCount.ts"
import { effectful, optional, unless } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { RerankResponse } from "../../kernel/rerank/RerankWire.ts"
import { Inference, InferenceProvider } from "./Inference.ts"

const invalidAnswer = (provider: string, detail: string) =>
  new ProviderFailed({ provider, reason: "invalid_answer", detail })

const isResponse = (answer: unknown): string | undefined =>
  Schema.is(ChatResponse)(answer) ? undefined : "a ChatResponse: content of blocks, and a finish_reason"

const isTokenCount = (answer: unknown): string | undefined =>
  Schema.is(TokenCount)(answer) ? undefined : "a TokenCount: input_tokens, a whole number"

const isBytes = (answer: unknown): string | undefined =>
  hasBytes(answer) ? undefined : "Bytes: a status, headers and a body"

const hasBytes = (answer: unknown): boolean =>
  Predicate.isObject(answer) && "status" in answer && Predicate.isNumber(answer.status) &&
  "headers" in answer && Predicate.isObject(answer.headers) && "body" in answer &&
  (Predicate.isString(answer.body) || answer.body instanceof Uint8Array ||
    Predicate.hasProperty(answer.body, "stream") && Stream.isStream(answer.body.stream))

/** What is in these is looked at when the answer is checked against what was asked. */
const isEmbeddings = (answer: unknown): string | undefined =>
  Predicate.isObject(answer) && Array.isArray(Reflect.get(answer, "data"))
    ? undefined
    : "an EmbeddingsResponse: a list of embeddings in data"

const isRanking = (answer: unknown): string | undefined =>
  Schema.is(RerankResponse)(answer) ? undefined : "a RerankResponse: indexes and scores in data"

const isBatch = (answer: unknown): string | undefined =>
  Schema.is(VendorBatch)(answer) ? undefined : "a VendorBatch: id, status, counts, files and errors"

const isSearch = (answer: unknown): string | undefined =>
  Schema.is(Search)(answer) ? undefined : "a Search: batch, or null, and unsure"

const isBatchResults = (answer: unknown): string | undefined =>
  Schema.is(Schema.Array(VendorLineAnswer))(answer) ? undefined : "a list of answers: custom_id, status and body"

/** With one of these alone a provider is one. */
const others = ["completeText", "embed", "rerank", "sendMedia"] as const

export const InferenceApi: ProviderApi<
  "inference",
  Inference,
  InferenceProvider,
  Context.Service.Shape<typeof InferenceProvider>
> = {
  name: "inference",
  service: Inference,
  slot: InferenceProvider,
  contract: {
    complete: unless(["send", ...others], effectful({ failure: invalidAnswer, expects: isResponse })),
    completeStream: optional("function"),
    dialects: unless(["complete", ...others], "array"),
    send: unless(["complete", ...others], effectful({ failure: invalidAnswer, expects: isBytes })),
    completeText: optional(effectful({ failure: invalidAnswer, expects: isBytes })),
    embed: optional(effectful({ failure: invalidAnswer, expects: isEmbeddings })),
    rerank: optional(effectful({ failure: invalidAnswer, expects: isRanking })),
    media: optional("array"),
    sendMedia: optional(effectful({ failure: invalidAnswer, expects: isBytes })),
    countTokens: optional(effectful({ failure: invalidAnswer, expects: isTokenCount })),
    batches: optional({
      endpoints: "array",
      submit: effectful({ failure: invalidAnswer, expects: isBatch }),
      find: effectful({ failure: invalidAnswer, expects: isSearch }),
      retrieve: effectful({ failure: invalidAnswer, expects: isBatch }),
      results: effectful({ failure: invalidAnswer, expects: isBatchResults }),
      cancel: effectful({ failure: invalidAnswer, expects: isBatch })
    }),
    repairs: optional("boolean"),
    continuations: optional("number"),
    reliability: optional("function"),
    health: optional("effect"),
    models: { source: ["configuration", "discovery"], list: "effect", unlisted: optional("boolean") }
  }
}
