/** What a model answers, in no vendor's form: whole, or part by part. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { ContentBlock, isModeled } from "./ContentBlock.ts"
import { ProviderOptions } from "./ProviderOptions.ts"
import type { ToolCall } from "./Tools.ts"
import { Usage } from "./Usage.ts"

/** Why an answer ends, in the model's own terms; a vendor's other words stay as they are. */
export const finishReasons = ["stop", "length", "tool_calls", "content_filter"] as const

export const Degradation = openStruct({
  requested: Schema.String.annotate({ description: "What was asked for.", examples: ["gpt-5"] }),
  actual: Schema.String.annotate({ description: "What was done instead.", examples: ["gpt-5-mini"] }),
  reason: Schema.String.annotate({ description: "Why.", examples: ["the model is overloaded"] })
}).annotate({ identifier: "Degradation", description: "The answer is less than what was asked for." })

export type Degradation = typeof Degradation.Type

export const ChatResponse = openStruct({
  content: Schema.Array(ContentBlock).annotate({ description: "Tool calls included." }),
  usage: nullable(Usage),
  finish_reason: nullable(Schema.String).annotate({
    description:
      "Why it ends there: stop, length, tool_calls, content_filter; or the vendor's word for something else.",
    examples: ["stop"]
  }),
  degradation: nullable(Degradation).annotate({ description: "The first of several." }),
  degradations: nullable(Schema.Array(Degradation)),
  metadata: nullable(Schema.JsonObject).annotate({
    description: "What the vendor says of the answer: `id`, `model`, `created` in seconds since 1970.",
    examples: [{ id: "chatcmpl-1", model: "gpt-5" }]
  }),
  provider_options: nullable(ProviderOptions)
}).annotate({
  identifier: "ChatResponse",
  description: "What a model answers, in no vendor's form.",
  examples: [{ content: [{ type: "text", text: "It is raining." }], finish_reason: "stop" }]
})
export type ChatResponse = typeof ChatResponse.Type

/** The calls of an answer, in order. */
export const toolCallsOf = ({ content }: Pick<ChatResponse, "content">): ReadonlyArray<ToolCall> =>
  content.flatMap((block) =>
    isModeled(block) && block.type === "tool_call" ? [{ id: block.id, name: block.name, arguments: block.input }] : []
  )
