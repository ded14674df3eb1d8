/** Embeddings in OpenAI's dialect: what Strata reads of them is declared, everything else passes. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

const Token = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const EmbeddingInput = Schema.Union([
  Schema.String,
  Schema.Array(Schema.String),
  Schema.Array(Token),
  Schema.Array(Schema.Array(Token))
]).annotate({
  identifier: "EmbeddingInput",
  description: "A text, a list of texts, a list of tokens, or a list of lists of tokens.",
  examples: ["The quick brown fox", ["one", "two"], [1212, 318], [[1212], [318]]]
})
export type EmbeddingInput = typeof EmbeddingInput.Type

const fields = {
  model: Schema.NonEmptyString.annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it.",
    examples: ["openai/text-embedding-3-small"]
  }),
  encoding_format: nullable(Schema.Literals(["float", "base64"]).annotate({ expected: "float or base64" })).annotate({
    description:
      "float: lists of numbers; base64: little-endian 32-bit floats. Absent: float, and its vendor is not asked."
  }),
  dimensions: nullable(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))).annotate({
    description: "How many numbers a vector is to have, where the model can choose."
  }),
  user: nullable(Schema.String).annotate({ description: "Who asks, for the vendor." })
}

/** As a provider gets it; `model` is as its vendor calls it. */
export const EmbeddingsRequest = openStruct({ ...fields, input: EmbeddingInput })
export type EmbeddingsRequest = typeof EmbeddingsRequest.Type

/** As a client sends it: what is wrong with the input is answered in one sentence. */
export const CreateEmbeddingsRequest = openStruct({
  ...fields,
  input: Schema.Union([EmbeddingInput, Schema.Json]).annotate({
    description: "What vectors are to be made of: at most 2,048 inputs, and 300,000 tokens."
  })
}).annotate({
  identifier: "CreateEmbeddingsRequest",
  description: "Asks for embeddings, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})
export type CreateEmbeddingsRequest = typeof CreateEmbeddingsRequest.Type

export const Embedding = openStruct({
  object: Schema.Literal("embedding"),
  index: Schema.Int.annotate({ description: "Which input it is of, from 0." }),
  embedding: Schema.Union([Schema.Array(Schema.Finite), Schema.String]).annotate({
    description: "The vector: numbers, or base64 of little-endian 32-bit floats."
  })
}).annotate({ identifier: "Embedding" })
export type Embedding = typeof Embedding.Type

export const EmbeddingUsage = openStruct({
  prompt_tokens: Schema.Int,
  total_tokens: Schema.Int
}).annotate({ identifier: "EmbeddingUsage" })

const answer = {
  object: Schema.Literal("list"),
  data: Schema.Array(Embedding).annotate({ description: "One for each input, in their order." }),
  model: Schema.String.annotate({ description: "The model that answered, as its vendor names it." })
}

/** As a provider gives it. */
export const EmbeddingsResponse = openStruct({
  ...answer,
  usage: Schema.optionalKey(EmbeddingUsage).annotate({ description: "Absent: nobody counted." })
})
export type EmbeddingsResponse = typeof EmbeddingsResponse.Type

/** As a client reads it. */
export const CreateEmbeddingsResponse = openStruct({
  ...answer,
  usage: EmbeddingUsage.annotate({ description: "Zeros where the vendor does not count." })
}).annotate({ identifier: "CreateEmbeddingsResponse" })
