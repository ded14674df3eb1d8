/** Calls for embeddings and for items in order: how they are recorded, and answered again. */
import { Effect, Result, Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import * as EmbeddingInputs from "../../kernel/embeddings/EmbeddingInputs.ts"
import * as EmbeddingsAnswer from "../../kernel/embeddings/EmbeddingsAnswer.ts"
import * as EmbeddingSummary from "../../kernel/embeddings/EmbeddingSummary.ts"
import { EmbeddingsRequest, EmbeddingsResponse } from "../../kernel/embeddings/EmbeddingsWire.ts"
import { openAiEmbeddings } from "../../kernel/embeddings/OpenAiEmbeddings.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import { LlmError } from "../../kernel/messages/LlmErrors.ts"
import { llamaStackRerank } from "../../kernel/rerank/LlamaStackRerank.ts"
import * as RerankAnswer from "../../kernel/rerank/RerankAnswer.ts"
import * as RerankSummary from "../../kernel/rerank/RerankSummary.ts"
import { RerankRequest, RerankResponse } from "../../kernel/rerank/RerankWire.ts"
import * as EmbeddingEvents from "./EmbeddingEvents.ts"
import * as RerankEvents from "./RerankEvents.ts"

export type ValueError = LlmError | ProviderError

const error = Schema.Union([ProviderRejected, ProviderFailed, LlmError])

const embed: CallMethod<ValueError> = {
  name: "inference.embed",
  input: EmbeddingsRequest,
  answer: EmbeddingsResponse,
  element: undefined,
  error,
  events: EmbeddingEvents
}

const rerank: CallMethod<ValueError> = {
  name: "inference.rerank",
  input: RerankRequest,
  answer: RerankResponse,
  element: undefined,
  error,
  events: RerankEvents
}

/** What is asked of a provider, and how its answer has to be. */
export interface ValueCall<A> {
  readonly call: Call<ValueError>
  /** Fails with what is wrong with an answer. */
  readonly check: (answer: unknown) => Result.Result<A, string>
}

export const embeddings = (provider: string, request: EmbeddingsRequest): ValueCall<EmbeddingsResponse> => {
  const { input, model } = request
  const check = (answer: unknown) =>
    openAiEmbeddings.raise(answer, input).pipe(
      Result.mapError(({ detail }) => detail),
      Result.flatMap((raised) => EmbeddingsAnswer.of(raised, { count: EmbeddingInputs.countOf(input), model }))
    )
  return {
    call: {
      method: embed,
      provider,
      common: { provider, model, operation: "embeddings" },
      request: EmbeddingSummary.ofRequest(request),
      input: () => JSON.stringify(request),
      summarize: ({ json }) => EmbeddingSummary.ofResponse(Result.getOrUndefined(check(json)))
    },
    check
  }
}

export const ranking = (provider: string, request: RerankRequest): ValueCall<RerankResponse> => {
  const { model } = request
  const check = (answer: unknown) =>
    llamaStackRerank.raise(answer).pipe(
      Result.mapError(({ detail }) => detail),
      Result.flatMap((raised) => RerankAnswer.of(raised, request))
    )
  return {
    call: {
      method: rerank,
      provider,
      common: { provider, model, operation: "rerank" },
      request: RerankSummary.ofRequest(request),
      input: () => JSON.stringify(request),
      summarize: ({ json }) => RerankSummary.ofResponse(Result.getOrUndefined(check(json)))
    },
    check
  }
}

/** An answer that is none is the provider's failure. */
export const checked = <A>(
  provider: string,
  answer: Effect.Effect<unknown, ValueError>,
  check: ValueCall<A>["check"]
): Effect.Effect<A, ValueError> =>
  Effect.flatMap(answer, (value) =>
    Effect.mapError(
      Effect.fromResult(check(value)),
      (detail) => new ProviderFailed({ provider, reason: "invalid_answer", detail })
    ))
