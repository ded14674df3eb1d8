/** OpenAI's Responses, as they are read: what is used is declared, all else is kept. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

export const Item = openStruct({
  type: nullable(Schema.String).annotate({
    description: "message, reasoning, function_call, function_call_output …; absent: a message.",
    examples: ["function_call"]
  })
}).annotate({ identifier: "ResponseItem", description: "A step of a conversation, as the vendor defines it." })

export const ResponsesRequest = openStruct({
  model: nullable(Schema.String).annotate({ description: "As who serves it calls it.", examples: ["gpt-5"] }),
  instructions: nullable(Schema.String).annotate({
    description: "What the model is to keep to in this answer.",
    examples: ["Be brief."]
  }),
  input: nullable(Schema.Union([Schema.String, Schema.Array(Item)])).annotate({
    description: "What the user says, or the conversation so far.",
    examples: ["What is the weather in Oslo?"]
  }),
  stream: nullable(Schema.Boolean).annotate({ description: "true: answer with server-sent events.", examples: [true] })
}).annotate({ identifier: "ResponsesRequest", description: "A request in the dialect of OpenAI's Responses." })
export type ResponsesRequest = typeof ResponsesRequest.Type

/** No more than is needed: vendors leave out what OpenAI requires. */
export const ReadResponse = openStruct({
  output: Schema.Array(Item).annotate({ description: "What the model answers, step by step." }),
  id: nullable(Schema.String).annotate({ description: "The answer's.", examples: ["resp_1"] }),
  model: nullable(Schema.String).annotate({ description: "The model that answered.", examples: ["gpt-5"] }),
  created_at: nullable(Schema.Finite).annotate({ description: "Seconds since 1970.", examples: [1764000000] }),
  status: nullable(Schema.String).annotate({
    description: "completed, incomplete, failed, in_progress, queued, cancelled.",
    examples: ["completed"]
  }),
  incomplete_details: nullable(openStruct({ reason: nullable(Schema.String) })).annotate({
    description: "Why an answer is incomplete.",
    examples: [{ reason: "max_output_tokens" }]
  })
}).annotate({ identifier: "ReadResponse", description: "An answer in the dialect of OpenAI's Responses." })
export type ReadResponse = typeof ReadResponse.Type
