/** Hugging Face's Text Embeddings Inference by its own `POST /embed`: one server, one model. */
import { Result } from "effect"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { EmbeddingDialect } from "./EmbeddingDialect.ts"
import { inputsOf } from "./EmbeddingInputs.ts"
import { besides, inOrder, noVectors } from "./RaisedLists.ts"

const name = "text-embeddings-inference"

/** What its own route does not take: the rest (`truncate`, `normalize`, `prompt_name` …) is for the server. */
const own = ["model", "input", "encoding_format", "user"]

export const textEmbeddingsInference: EmbeddingDialect = {
  name,
  path: () => "/embed",
  lower: (request) => Result.succeed({ ...besides(request, own), inputs: inputsOf(request.input) }),
  raise: (body) =>
    Array.isArray(body)
      ? Result.succeed({
        vectors: inOrder(body),
        model: undefined,
        input_tokens: undefined,
        total_tokens: undefined,
        rest: {}
      })
      : noVectors(name, "expected a list of vectors", body),
  errors: chat.errors
}
