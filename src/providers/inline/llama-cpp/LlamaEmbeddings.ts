/** Vectors by a loaded model, of length one. */
import { Effect } from "effect"
import * as EmbeddingInputs from "../../../kernel/embeddings/EmbeddingInputs.ts"
import type { EmbeddingsRequest, EmbeddingsResponse } from "../../../kernel/embeddings/EmbeddingsWire.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import type { Loaded } from "./LlamaEngine.ts"
import { invalid } from "./LlamaGeneration.ts"
import type { LlamaUnavailable } from "./LlamaModule.ts"

const normalized = (vector: ReadonlyArray<number>): ReadonlyArray<number> => {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

const isTooLong = (tokens: number, contextSize: number): string | undefined =>
  tokens < contextSize
    ? undefined
    : `${tokens} tokens are more than the model's context of ${contextSize}: split the text`

/** Fails where the model can't be asked. */
const textsOf = (
  { dimensions, input }: EmbeddingsRequest,
  { contextSize, model }: Loaded
): Effect.Effect<ReadonlyArray<{ readonly text: string; readonly tokens: number }>, LlmError> => {
  const { embeddingVectorSize } = model
  if (dimensions != null && dimensions !== embeddingVectorSize) {
    return Effect.fail(invalid("dimensions", `the model makes vectors of ${embeddingVectorSize} numbers only.`))
  }
  const texts = EmbeddingInputs.textsOf(input)
  if (texts === undefined) return Effect.fail(invalid("input", "a model in this process takes texts, and no tokens."))
  return Effect.forEach(texts, (text, at) => {
    const tokens = model.tokenize(text).length
    const issue = text === "" ? "an empty text has no embedding: leave it out" : isTooLong(tokens, contextSize)
    return issue === undefined ? Effect.succeed({ text, tokens }) : Effect.fail(invalid(`input.${at}`, `${issue}.`))
  })
}

export const embed = Effect.fnUntraced(
  function*(
    loaded: Loaded,
    request: EmbeddingsRequest
  ): Effect.fn.Return<EmbeddingsResponse, LlmError | LlamaUnavailable> {
    const texts = yield* textsOf(request, loaded)
    const context = yield* loaded.embeddings
    const vectors = yield* Effect.forEach(texts, ({ text }) =>
      Effect.tryPromise({
        try: () => context.getEmbeddingFor(text),
        catch: (error) => LlmErrors.of({ kind: "unavailable", message: `The model failed: ${String(error)}` })
      }))
    const tokens = texts.reduce((sum, { tokens }) => sum + tokens, 0)
    return {
      object: "list",
      data: vectors.map(({ vector }, index) => ({ object: "embedding", index, embedding: normalized(vector) })),
      model: request.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens }
    }
  }
)
