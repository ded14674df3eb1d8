/** Google's `models/<model>:batchEmbedContents`: one request for each text. */
import { Result } from "effect"
import type { Schema } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import { gemini } from "../dialects/gemini/GeminiDialect.ts"
import * as ModelPath from "../dialects/gemini/ModelPath.ts"
import type { EmbeddingDialect } from "./EmbeddingDialect.ts"
import { textsOf } from "./EmbeddingInputs.ts"
import type { EmbeddingsRequest } from "./EmbeddingsWire.ts"
import { besides, countIn, inOrder, noTokens, noVectors } from "./RaisedLists.ts"

const name = "gemini"

/** What Strata says in Google's words, or does itself; the rest is for Google: `taskType`, `title` … */
const own = ["model", "input", "encoding_format", "dimensions", "user"]

const requestOf = ({ dimensions, model, ...request }: EmbeddingsRequest) => (text: string): Schema.JsonObject => ({
  model: ModelPath.resourceOf(model),
  content: { parts: [{ text }] },
  ...dimensions == null ? {} : { outputDimensionality: dimensions },
  ...besides(request, own)
})

export const geminiEmbeddings: EmbeddingDialect = {
  name,
  path: ModelPath.embedding,
  lower: (request) => {
    const texts = textsOf(request.input)
    return texts === undefined ? noTokens(name) : Result.succeed({ requests: texts.map(requestOf(request)) })
  },
  raise: (body) => {
    const embeddings = field(body, "embeddings")
    if (!Array.isArray(embeddings)) return noVectors(name, "expected a list of vectors in embeddings", body)
    const tokens = countIn(field(field(body, "usageMetadata"), "promptTokenCount"))
    return Result.succeed({
      vectors: inOrder(embeddings.map((each) => field(each, "values"))),
      model: undefined,
      input_tokens: tokens,
      total_tokens: tokens,
      rest: {}
    })
  },
  errors: gemini.errors
}
