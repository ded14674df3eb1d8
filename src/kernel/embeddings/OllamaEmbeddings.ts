/** Ollama's own `POST /api/embed`: texts, with its `truncate`, `options` and `keep_alive`. */
import { Result } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { EmbeddingDialect } from "./EmbeddingDialect.ts"
import { textsOf } from "./EmbeddingInputs.ts"
import { besides, countIn, inOrder, noTokens, noVectors, textIn } from "./RaisedLists.ts"

const name = "ollama"

export const ollamaEmbeddings: EmbeddingDialect = {
  name,
  path: () => "/api/embed",
  lower: (request) => {
    const texts = textsOf(request.input)
    return texts === undefined
      ? noTokens(name)
      : Result.succeed({ ...besides(request, ["encoding_format", "user"]), input: texts })
  },
  raise: (body) => {
    const embeddings = field(body, "embeddings")
    if (!Array.isArray(embeddings)) return noVectors(name, "expected a list of vectors in embeddings", body)
    const tokens = countIn(field(body, "prompt_eval_count"))
    return Result.succeed({
      vectors: inOrder(embeddings),
      model: textIn(field(body, "model")),
      input_tokens: tokens,
      total_tokens: tokens,
      rest: {}
    })
  },
  // An error is a text under `error`, which OpenAI's reader takes, too.
  errors: chat.errors
}
