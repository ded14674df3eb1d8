/** `POST /embeddings`: OpenAI's, and of the many who speak its dialect. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { field, isFields } from "../../events/types/JsonAccess.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { EmbeddingDialect, RaisedVector } from "./EmbeddingDialect.ts"
import { besides, countIn, noVectors, textIn } from "./RaisedLists.ts"

const name = "openai"

const vectorOf = (item: unknown): RaisedVector => ({
  index: countIn(field(item, "index")),
  embedding: field(item, "embedding"),
  rest: isFields(item) ? besides(item, ["object", "index", "embedding"]) : {}
})

/** What the client did not say is not said to the vendor either. */
export const openAiEmbeddings: EmbeddingDialect = {
  name,
  path: () => "/embeddings",
  lower: (request) => Result.succeed(request as Schema.JsonObject),
  raise: (body) => {
    const data = field(body, "data")
    if (!isFields(body) || !Array.isArray(data)) return noVectors(name, "expected a list of embeddings in data", body)
    const usage = field(body, "usage")
    return Result.succeed({
      vectors: data.map(vectorOf),
      model: textIn(body["model"]),
      input_tokens: countIn(field(usage, "prompt_tokens")),
      total_tokens: countIn(field(usage, "total_tokens")),
      rest: {
        ...besides(body, ["object", "data", "model", "usage"]),
        ...Predicate.isObject(usage) ? { usage: usage as Schema.JsonObject } : {}
      }
    })
  },
  errors: chat.errors
}
