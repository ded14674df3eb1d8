/** Reranking in Llama Stack's dialect: a query, items, and how much each has to do with it. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

const TextPart = openStruct({ type: Schema.Literal("text"), text: Schema.String })

const ImagePart = openStruct({ type: Schema.Literal("image_url"), image_url: openStruct({ url: Schema.String }) })

export const RerankContent = Schema.Union([Schema.String, TextPart, ImagePart]).annotate({
  identifier: "RerankContent",
  description: "A text, or a part of content of one: text, or an image where the model takes it."
})
export type RerankContent = typeof RerankContent.Type

const maxItems = 2048
const expected = `1 to ${maxItems} items`

export const RerankRequest = openStruct({
  model: Schema.NonEmptyString.annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it.",
    examples: ["vllm/BAAI/bge-reranker-v2-m3"]
  }),
  query: RerankContent.annotate({ description: "What is searched for." }),
  items: Schema.Array(RerankContent).check(
    Schema.isMinLength(1, { expected }),
    Schema.isMaxLength(maxItems, { expected })
  ).annotate({ description: "What is to be put in order: 1 to 2,048." }),
  max_num_results: nullable(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))).annotate({
    description: "So many results at most. Absent: all."
  })
}).annotate({ identifier: "RerankRequest", description: "Asks for items in order, as OGX and Llama Stack ask." })
export type RerankRequest = typeof RerankRequest.Type

export const RerankResult = Schema.Struct({
  index: Schema.Int.annotate({ description: "Which item it is, from 0." }),
  relevance_score: Schema.Finite.annotate({
    description: "Higher: more to do with the query. Its scale is the model's."
  })
}).annotate({ identifier: "RerankResult" })
export type RerankResult = typeof RerankResult.Type

export const RerankResponse = Schema.Struct({
  data: Schema.Array(RerankResult).annotate({ description: "The highest score first." }),
  usage: Schema.optionalKey(openStruct({ total_tokens: Schema.Int })).annotate({
    description: "Tokens, as the vendor counted them. Absent: it did not."
  })
}).annotate({ identifier: "RerankResponse" })
export type RerankResponse = typeof RerankResponse.Type
