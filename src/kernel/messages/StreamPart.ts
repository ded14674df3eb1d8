/** A part of a streamed answer, in no vendor's form. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { ChatResponse } from "./ChatResponse.ts"
import { ContentBlock } from "./ContentBlock.ts"
import { LlmFailure } from "./LlmFailure.ts"
import { Usage } from "./Usage.ts"

const index = Schema.Int.annotate({ description: "The block's number in the answer, from 0.", examples: [0] })

export const StreamPart = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("response_start"),
    metadata: Schema.JsonObject.annotate({
      description: "What the vendor says of the answer at its beginning: `id`, `model`, `created`.",
      examples: [{ id: "chatcmpl-1", model: "gpt-5" }]
    }),
    usage: nullable(Usage).annotate({ description: "What is counted so far: usually the input." })
  }),
  Schema.Struct({
    type: Schema.Literal("block_start"),
    index,
    block: Schema.String.annotate({
      description: "The block's type. Blocks that come whole have no deltas.",
      examples: ["text", "thinking", "tool_call", "redacted_thinking"]
    }),
    id: Schema.optionalKey(Schema.String).annotate({ description: "Of a tool call.", examples: ["call_1"] }),
    name: Schema.optionalKey(Schema.String).annotate({ description: "Of a tool call.", examples: ["get_weather"] }),
    custom: Schema.optionalKey(Schema.Boolean).annotate({
      description: "true: a call of a tool that takes text. Its deltas are that text, and no JSON.",
      examples: [true]
    })
  }),
  Schema.Struct({
    type: Schema.Literal("block_delta"),
    index,
    text: Schema.String.annotate({ description: "More text; of a tool call, more of its arguments as JSON text." }),
    logprobs: Schema.optionalKey(Schema.Array(Schema.Json)).annotate({
      description: "Of text, where it was asked for: how likely each of its tokens was.",
      examples: [[{ token: "It", logprob: -0.01, bytes: [73, 116], top_logprobs: [] }]]
    })
  }),
  Schema.Struct({
    type: Schema.Literal("block_end"),
    index,
    block: ContentBlock.annotate({ description: "All of it, with its signature." })
  }),
  Schema.Struct({
    type: Schema.Literal("error"),
    error: Schema.Json.annotate({ description: "The vendor broke off: its error as it came." }),
    failure: LlmFailure
  }),
  Schema.Struct({ type: Schema.Literal("response"), response: ChatResponse })
]).annotate({
  identifier: "StreamPart",
  description:
    "A part of a streamed answer: `response_start` once and first, then blocks, each with a start, deltas and an " +
    "end, numbered over the whole of it; several may be open. `response` is the last part, and holds all of it.",
  examples: [{ type: "block_delta", index: 0, text: "It is raining." }]
})
export type StreamPart = typeof StreamPart.Type
