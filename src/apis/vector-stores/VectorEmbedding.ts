/** Makes vectors of texts with a store's model, by whichever provider of inference serves it. */
import { Effect, Option, Predicate } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { field, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import * as EmbeddingVector from "../../kernel/embeddings/EmbeddingVector.ts"
import type { InferenceError } from "../inference/Inference.ts"
import { Inference } from "../inference/Inference.ts"
import { failureOf } from "../inference/InferenceErrors.ts"
import { Models } from "../models/Models.ts"
import { EmbeddingFailed, NotServed } from "./VectorStoresErrors.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"

type Model = Pick<KeptStore, "embedding_model" | "embedding_dimension">

const passing = new Set([408, 409, 429, 500, 502, 503, 504])

interface Task {
  /** What fails. */
  readonly what: string
  readonly code: string
  readonly param: string
}

const embedding: Task = { what: "No vectors can be made", code: "embedding_failed", param: "embedding_model" }
const reranking: Task = {
  what: "Results can't be put in order",
  code: "reranking_failed",
  param: "ranking_options.model"
}

const failed = ({ code, param, what }: Task) => (error: InferenceError): EmbeddingFailed => {
  if (error._tag !== "ProviderRejected") {
    const { failure, status } = failureOf(error)
    return new EmbeddingFailed({
      status,
      code: failure.code ?? code,
      param,
      message: `${what}: ${failure.message}`,
      retryable: passing.has(status)
    })
  }
  const { provider, status, text } = error
  const reason = textOrNull(field(field(parse(text), "error"), "message")) ?? `it answered ${status}`
  return new EmbeddingFailed({
    status: status === 400 ? 400 : 502,
    code,
    param,
    message: `${what}: ${provider} refused: ${reason}`,
    retryable: passing.has(status)
  })
}

const vectorOf = (embedding: string | ReadonlyArray<number>): Float32Array =>
  Predicate.isString(embedding) ? EmbeddingVector.fromBase64(embedding)! : Float32Array.from(embedding)

/** Of a model whose scores have no bounds. */
const logistic = (score: number): number => 1 / (1 + Math.exp(-score))

const noModel = new EmbeddingFailed({
  status: 400,
  code: "no_embedding_model",
  message: "No model that makes vectors is served here: name one as embedding_model, or add the provider " +
    "inline::sentence-transformers to the configuration.",
  retryable: false
})

export type VectorEmbedding = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const inference = Option.getOrUndefined(yield* Effect.serviceOption(Inference))
  const models = Option.getOrUndefined(yield* Effect.serviceOption(Models))

  return {
    /** The first model that is for vectors alone. */
    defaultModel: Effect.gen(function*(): Effect.fn.Return<string, EmbeddingFailed | EventLogUnavailable | NotServed> {
      if (models === undefined) return yield* new NotServed({ api: "inference" })
      const list = yield* models.list
      const model = list.find(({ custom_metadata }) => custom_metadata.model_type === "embedding")
      return model === undefined ? yield* noModel : model.id
    }),
    /** Fails where nobody serves it. */
    check: Effect.fnUntraced(
      function*(model: string): Effect.fn.Return<string, EmbeddingFailed | EventLogUnavailable | NotServed> {
        if (models === undefined) return yield* new NotServed({ api: "inference" })
        const { id } = yield* Effect.catchTag(
          models.get(model),
          "ResourceNotFound",
          (error) => Effect.fail(failed(embedding)(error))
        )
        return id
      }
    ),
    /** A recorded call: one vector for each text, in their order. */
    embed: Effect.fnUntraced(function*(
      { embedding_dimension, embedding_model: model }: Model,
      texts: ReadonlyArray<string>
    ): Effect.fn.Return<ReadonlyArray<Float32Array>, EmbeddingFailed | NotServed> {
      if (inference === undefined) return yield* new NotServed({ api: "inference" })
      const { data } = yield* Effect.mapError(
        inference.embed({
          model,
          input: texts,
          encoding_format: "base64",
          ...embedding_dimension === null ? {} : { dimensions: embedding_dimension }
        }),
        failed(embedding)
      )
      return data.map(({ embedding }) => vectorOf(embedding))
    }),
    /** A recorded call: how much each of the texts has to do with the query, 0 to 1; of one that is left out 0. */
    rerank: Effect.fnUntraced(function*(
      model: string,
      query: string,
      texts: ReadonlyArray<string>
    ): Effect.fn.Return<ReadonlyArray<number>, EmbeddingFailed | NotServed> {
      if (texts.length === 0) return []
      if (inference === undefined) return yield* new NotServed({ api: "inference" })
      const { data } = yield* Effect.mapError(inference.rerank({ model, query, items: texts }), failed(reranking))
      const scores = new Map(data.map(({ index, relevance_score }) => [index, relevance_score]))
      const isShare = data.every(({ relevance_score: score }) => score >= 0 && score <= 1)
      return texts.map((_, at) => {
        const score = scores.get(at)
        return score === undefined ? 0 : isShare ? score : logistic(score)
      })
    })
  }
})
