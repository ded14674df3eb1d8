/** Embeddings and reranking: asks who serves the model, and gives what its client asked for. */
import { Effect } from "effect"
import * as Calls from "../../kernel/calls/Calls.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import * as EmbeddingInputs from "../../kernel/embeddings/EmbeddingInputs.ts"
import * as EmbeddingsAnswer from "../../kernel/embeddings/EmbeddingsAnswer.ts"
import type { CreateEmbeddingsRequest, EmbeddingInput } from "../../kernel/embeddings/EmbeddingsWire.ts"
import { EmbeddingsRequest, EmbeddingsResponse } from "../../kernel/embeddings/EmbeddingsWire.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import * as AnswerEnd from "../../kernel/reliability/AnswerEnd.ts"
import * as CallFailure from "../../kernel/reliability/CallFailure.ts"
import * as Refusal from "../../kernel/reliability/Refusal.ts"
import * as Reliability from "../../kernel/reliability/Reliability.ts"
import { RerankRequest, RerankResponse } from "../../kernel/rerank/RerankWire.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import * as AnswerBytes from "./AnswerBytes.ts"
import type { Inference, InferenceProvider } from "./Inference.ts"
import { RequestRefused } from "./Inference.ts"
import * as OfferedOperations from "./OfferedOperations.ts"
import * as ProviderWire from "./ProviderWire.ts"
import * as Routed from "./Routed.ts"
import type { ValueCall, ValueError } from "./ValueCalls.ts"
import * as ValueCalls from "./ValueCalls.ts"
import * as ValueHooks from "./ValueHooks.ts"

type ModelRoute = Route<InferenceProvider["Service"]>

/** A vendor's own refusal is in OpenAI's words already. */
const failureFor = (provider: string) => (error: ValueError): ProviderError => {
  if (error._tag === "ProviderFailed" || error._tag === "ProviderRejected") return error
  const rejected = AnswerBytes.rejected(provider)(error)
  return rejected._tag === "ProviderRejected"
    ? Translation.rejectedFor({ client: chat, vendor: canonical }, rejected)
    : rejected
}

const asked = <A>(
  { provider_id, requestCheck, service }: ModelRoute,
  { call, check }: ValueCall<A>,
  answer: Effect.Effect<unknown, ValueError>
): Effect.Effect<A, ProviderError> =>
  Reliability.run({
    of: service.reliability,
    call,
    run: (made) => Calls.runValue(made, ValueCalls.checked(provider_id, answer, check)),
    failureOf: (error) => CallFailure.of(error, chat.errors.raise),
    refused: (refusal) => Refusal.rejected(refusal, chat.errors.envelope),
    onEnd: AnswerEnd.ofValue,
    onStart: (answer) => Effect.succeed({ answer }),
    headersOf: () => ({})
  }).pipe(
    Effect.mapError(failureFor(provider_id)),
    Effect.tapError((error) => ProviderWire.didNotAnswer(error) ? requestCheck : Effect.void)
  )

const targetOf = ({ identifier, provider_id }: ModelRoute) => ({ provider: provider_id, model: identifier })

export interface Options {
  readonly hooks: Hooks["Service"]
  readonly routed: Routed.Routed
}

export const make = ({ hooks, routed }: Options): Pick<Inference["Service"], "embed" | "rerank"> => {
  const embedded = (given: CreateEmbeddingsRequest, input: EmbeddingInput) => (to: ModelRoute) =>
    Effect.gen(function*() {
      yield* OfferedOperations.check(to, OfferedOperations.embeddings)
      const target = targetOf(to)
      const request = yield* ValueHooks.passed(
        hooks,
        { type: "embedding:request", subject: "request", schema: EmbeddingsRequest, target },
        { ...given, input, model: to.provider_resource_id }
      )
      const answer = Effect.suspend(() => to.service.embed!(request))
      const response = yield* asked(to, ValueCalls.embeddings(to.provider_id, request), answer)
      return yield* ValueHooks.passed(
        hooks,
        { type: "embedding:response", subject: "answer", schema: EmbeddingsResponse, target },
        EmbeddingsAnswer.inFormat(response, given.encoding_format)
      )
    })

  const ranked = (given: RerankRequest) => (to: ModelRoute) =>
    Effect.gen(function*() {
      yield* OfferedOperations.check(to, OfferedOperations.reranking)
      const target = targetOf(to)
      const request = yield* ValueHooks.passed(
        hooks,
        { type: "rerank:request", subject: "request", schema: RerankRequest, target },
        { ...given, model: to.provider_resource_id }
      )
      const answer = Effect.suspend(() => to.service.rerank!(request))
      const response = yield* asked(to, ValueCalls.ranking(to.provider_id, request), answer)
      return yield* ValueHooks.passed(
        hooks,
        { type: "rerank:response", subject: "answer", schema: RerankResponse, target },
        response
      )
    })

  return {
    embed: (given) =>
      Effect.flatMap(
        Effect.mapError(
          Effect.fromResult(EmbeddingInputs.read(given.input)),
          (detail) => new RequestRefused({ detail, param: "input", code: "invalid_value" })
        ),
        (input) => routed(Routed.ofValue(given, input), embedded(given, input))
      ),
    rerank: (given) => routed(Routed.ofValue(given, [given.query, ...given.items]), ranked(given))
  }
}
