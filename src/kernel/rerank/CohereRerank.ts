/** `POST /rerank` as Cohere and Jina have it: vLLM, a llama.cpp server, Together and others speak it, too. */
import { Result } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { RerankDialect } from "./RerankDialect.ts"
import * as RerankTexts from "./RerankTexts.ts"

const name = "cohere"

export const cohereRerank: RerankDialect = {
  name,
  path: () => "/rerank",
  lower: (request) =>
    Result.map(RerankTexts.of(name, request), ({ query, rest, texts }) => ({
      ...rest,
      model: request.model,
      query,
      documents: texts,
      ...request.max_num_results == null ? {} : { top_n: request.max_num_results }
    })),
  raise: RerankTexts.raise(name, {
    list: (body) => field(body, "results"),
    score: "relevance_score",
    expected: "a list in results"
  }),
  errors: chat.errors
}
