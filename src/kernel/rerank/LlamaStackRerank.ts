/** `POST /v1alpha/inference/rerank` of another Strata, of OGX and of Llama Stack: images pass, too. */
import { Result } from "effect"
import type { Schema } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { RerankDialect } from "./RerankDialect.ts"
import * as RerankTexts from "./RerankTexts.ts"

const name = "llama-stack"

export const llamaStackRerank: RerankDialect = {
  name,
  path: () => "/v1alpha/inference/rerank",
  lower: (request) => Result.succeed(request as Schema.JsonObject),
  raise: RerankTexts.raise(name, {
    list: (body) => field(body, "data"),
    score: "relevance_score",
    expected: "a list in data"
  }),
  errors: chat.errors
}
