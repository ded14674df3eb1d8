/** The table of what each call used and cost: of calls to language models, for embeddings, and for an order of texts. */
import * as LlmEvents from "../../kernel/calls/LlmEvents.ts"
import * as CostProjection from "../../kernel/cost/CostProjection.ts"
import * as EmbeddingEvents from "../inference/EmbeddingEvents.ts"
import * as RerankEvents from "../inference/RerankEvents.ts"

export const CallCosts = CostProjection.make({
  api: "inference",
  answers: [LlmEvents.Response.base, EmbeddingEvents.Response.base, RerankEvents.Response.base]
})
