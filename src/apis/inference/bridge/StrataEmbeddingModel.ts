/**
 * `EmbeddingModel` of `effect/ai`, answered by a Strata, in process or over HTTP.
 *
 * @example
 * Effect.provide(EmbeddingModel.EmbeddingModel, StrataEmbeddingModel.layer({ model: "openai/text-embedding-3-small" }))
 */
import { Effect, Layer } from "effect"
import { EmbeddingModel, Model } from "effect/ai"
import * as EmbeddingsAnswer from "../../../kernel/embeddings/EmbeddingsAnswer.ts"
import * as ModelFailure from "./ModelFailure.ts"
import type { AskOptions } from "./StrataClient.ts"
import { StrataClient } from "./StrataClient.ts"

export interface Options extends AskOptions {
  /** As the Strata's `GET /v1/models` lists it. */
  readonly model: string
  /** How many numbers a vector is to have, where the model can choose. */
  readonly dimensions?: number
}

const make = Effect.fnUntraced(function*({ dimensions, model, session }: Options) {
  const client = yield* StrataClient
  const failing = ModelFailure.failing({ module: "EmbeddingModel", method: "embedMany", model })
  return yield* EmbeddingModel.make({
    embedMany: ({ inputs }) =>
      client.embed({ model, input: [...inputs], ...dimensions === undefined ? {} : { dimensions } }, { session }).pipe(
        Effect.map((response) => ({
          results: EmbeddingsAnswer.inFormat(response, "float").data.map((
            { embedding }
          ) => [...embedding as Iterable<number>]),
          usage: { inputTokens: response.usage?.prompt_tokens }
        })),
        Effect.catch(failing)
      )
  })
})

export const layer = (options: Options): Layer.Layer<EmbeddingModel.EmbeddingModel, never, StrataClient> =>
  Layer.effect(EmbeddingModel.EmbeddingModel, make(options))

/** With the names of provider and model, and how many numbers its vectors have. */
export const model = (
  name: string,
  options: Omit<Options, "model"> & { readonly dimensions: number }
): Model.Model<"strata", EmbeddingModel.EmbeddingModel | EmbeddingModel.Dimensions, StrataClient> =>
  Model.make(
    "strata",
    name,
    Layer.merge(layer({ ...options, model: name }), Layer.succeed(EmbeddingModel.Dimensions, options.dimensions))
  )
