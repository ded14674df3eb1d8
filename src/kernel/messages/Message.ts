/** A message of a conversation, in no vendor's form. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { ContentBlock, producerModel } from "./ContentBlock.ts"
import { ProviderOptions } from "./ProviderOptions.ts"

export const Role = Schema.Literals(["system", "developer", "user", "assistant", "function", "tool"]).annotate({
  identifier: "Role",
  description: "Who says it.",
  examples: ["user"]
})
export type Role = typeof Role.Type

export const Message = openStruct({
  role: Role,
  content: Schema.Union([Schema.String, Schema.Array(ContentBlock)]).annotate({
    description: "Text, or blocks.",
    examples: ["What is the weather in Oslo?"]
  }),
  name: nullable(Schema.String).annotate({ description: "Who of several that have the role.", examples: ["ada"] }),
  tool_call_id: nullable(Schema.String).annotate({
    description: "In a tool's message: the call it answers.",
    examples: ["call_1"]
  }),
  producer_model: producerModel,
  provider_options: nullable(ProviderOptions),
  metadata: nullable(Schema.JsonObject).annotate({
    description: "State of a provider that belongs to the message.",
    examples: [{ response_id: "resp_1" }]
  })
}).annotate({
  identifier: "Message",
  description: "A message of a conversation, in no vendor's form.",
  examples: [{ role: "user", content: "What is the weather in Oslo?" }]
})
export type Message = typeof Message.Type

/** Its content as blocks, whichever form it has. */
export const blocksOf = ({ content }: Pick<Message, "content">): ReadonlyArray<ContentBlock> =>
  typeof content !== "string" ? content : content === "" ? [] : [{ type: "text", text: content }]
