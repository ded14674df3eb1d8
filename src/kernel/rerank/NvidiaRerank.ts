/** `POST /ranking` of NVIDIA's NIM: passages, and a logit for each. */
import { Result } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { RerankDialect } from "./RerankDialect.ts"
import * as RerankTexts from "./RerankTexts.ts"

const name = "nvidia"

export const nvidiaRerank: RerankDialect = {
  name,
  path: () => "/ranking",
  lower: (request) =>
    Result.map(RerankTexts.of(name, request), ({ query, rest, texts }) => ({
      ...rest,
      model: request.model,
      query: { text: query },
      passages: texts.map((text) => ({ text }))
    })),
  raise: RerankTexts.raise(name, {
    list: (body) => field(body, "rankings"),
    score: "logit",
    expected: "a list in rankings"
  }),
  errors: chat.errors
}
