/** A part of a streamed answer, in no vendor's form. */
import { Schema } from "effect"
import { ChatResponse } from "./ChatResponse.ts"
import { ContentBlock } from "./ContentBlock.ts"

const index = Schema.Int.annotate({ description: "The block's number in the answer, from 0.", examples: [0] })

export const StreamPart = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("block_start"),
    index,
    block: Schema.Literals(["text", "thinking", "tool_call"]),
    id: Schema.optionalKey(Schema.String).annotate({ description: "Of a tool call.", examples: ["call_1"] }),
    name: Schema.optionalKey(Schema.String).annotate({ description: "Of a tool call.", examples: ["get_weather"] })
  }),
  Schema.Struct({
    type: Schema.Literal("block_delta"),
    index,
    text: Schema.String.annotate({ description: "More text; of a tool call, more of its arguments as JSON text." })
  }),
  Schema.Struct({ type: Schema.Literal("block_end"), index, block: ContentBlock }),
  Schema.Struct({
    type: Schema.Literal("error"),
    error: Schema.Json.annotate({ description: "The vendor broke off: its error as it came." })
  }),
  Schema.Struct({ type: Schema.Literal("response"), response: ChatResponse })
]).annotate({
  identifier: "StreamPart",
  description:
    "A part of a streamed answer. Blocks are numbered over the whole of it; `response` is the last part, and " +
    "holds all of it.",
  examples: [{ type: "block_delta", index: 0, text: "It is raining." }]
})
export type StreamPart = typeof StreamPart.Type
