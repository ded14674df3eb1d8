/** `POST /rerank` of Hugging Face's Text Embeddings Inference: one server, one model. */
import { Result } from "effect"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { RerankDialect } from "./RerankDialect.ts"
import * as RerankTexts from "./RerankTexts.ts"

const name = "text-embeddings-inference"

export const textEmbeddingsInferenceRerank: RerankDialect = {
  name,
  path: () => "/rerank",
  lower: (request) =>
    Result.map(RerankTexts.of(name, request), ({ query, rest, texts }) => ({ ...rest, query, texts })),
  raise: RerankTexts.raise(name, { list: (body) => body, score: "score", expected: "a list of results" }),
  errors: chat.errors
}
