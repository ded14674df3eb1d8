/** What the default events of a call for embeddings say of it. */
import type { Usage } from "../messages/Usage.ts"
import * as EmbeddingInputs from "./EmbeddingInputs.ts"
import * as EmbeddingsAnswer from "./EmbeddingsAnswer.ts"
import type { EmbeddingsRequest, EmbeddingsResponse } from "./EmbeddingsWire.ts"

export const ofRequest = ({ dimensions, encoding_format, input }: EmbeddingsRequest) => ({
  input_count: EmbeddingInputs.countOf(input),
  encoding_format: encoding_format ?? null,
  dimensions: dimensions ?? null
})

const usageOf = ({ usage }: EmbeddingsResponse): Usage | null =>
  usage === undefined
    ? null
    : { input_tokens: usage.prompt_tokens, output_tokens: 0, total_tokens: usage.total_tokens }

/** Undefined: it is no answer. */
export const ofResponse = (response: EmbeddingsResponse | undefined) =>
  response === undefined
    ? { response_model: null, embedding_count: 0, dimensions: null, usage: null }
    : {
      response_model: response.model,
      embedding_count: response.data.length,
      dimensions: EmbeddingsAnswer.dimensionsOf(response),
      usage: usageOf(response)
    }
