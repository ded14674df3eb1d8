/** The blocks a message is made of, each with the model that produced it. Blocks nobody knows here are kept whole. */
import { Predicate, Schema } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { ProviderOptions } from "./ProviderOptions.ts"

export const Visibility = Schema.Literals(["internal", "developer", "user"]).annotate({
  identifier: "Visibility",
  description: "Who is to see a block: nobody outside, who develops, or everyone. Null or absent: not said.",
  examples: ["user"]
})
export type Visibility = typeof Visibility.Type

export const producerModel = nullable(Schema.String).annotate({
  description: "The model that produced it: its signatures and encrypted parts are good for that model alone.",
  examples: ["anthropic/claude-sonnet-4-5"]
})

const common = {
  visibility: nullable(Visibility),
  producer_model: producerModel,
  producer_dialect: nullable(Schema.String).annotate({
    description: "The dialect its signature or its encrypted part came in: it is good there alone. Absent: not known.",
    examples: ["anthropic"]
  }),
  provider_options: nullable(ProviderOptions),
  cache_control: nullable(Schema.JsonObject).annotate({
    description: "A mark that a vendor's cache of prompts may end here. Vendors without such marks do not get it.",
    examples: [{ type: "ephemeral" }]
  })
}

/** Of blocks that are signed by some vendors, Google among them. */
const signature = nullable(Schema.String).annotate({
  description: "The vendor's proof that its model produced the block: it goes back as it came.",
  examples: ["EqQBCgIYAhIM…"]
})

export const TextBlock = openStruct({
  type: Schema.Literal("text"),
  text: Schema.String.annotate({ description: "What is said.", examples: ["It is raining in Oslo."] }),
  logprobs: nullable(Schema.Array(Schema.Json)).annotate({
    description:
      "Of an answer, where it was asked for: how likely each of its tokens was, as OpenAI's dialects have it.",
    examples: [[{ token: "It", logprob: -0.01, bytes: [73, 116], top_logprobs: [] }]]
  }),
  signature,
  ...common
}).annotate({
  identifier: "TextBlock",
  description: "Text, for whoever reads the message.",
  examples: [{ type: "text", text: "It is raining in Oslo." }]
})
export type TextBlock = typeof TextBlock.Type

export const ThinkingBlock = openStruct({
  type: Schema.Literal("thinking"),
  thinking: Schema.String.annotate({ description: "The thought, in words.", examples: ["The user asks for weather."] }),
  signature,
  content: nullable(Schema.Array(Schema.Json)).annotate({
    description: "What the vendor keeps with it, such as encrypted reasoning and its id.",
    examples: [["gAAAAAB…", "rs_1"]]
  }),
  ...common
}).annotate({
  identifier: "ThinkingBlock",
  description: "What a model thought before it answered.",
  examples: [{ type: "thinking", thinking: "The user asks for weather.", signature: "EqQBCgIYAhIM…" }]
})
export type ThinkingBlock = typeof ThinkingBlock.Type

export const RedactedThinkingBlock = openStruct({
  type: Schema.Literal("redacted_thinking"),
  data: Schema.String.annotate({ description: "Encrypted: it goes back as it came.", examples: ["EmwKAhgBEgy…"] }),
  ...common
}).annotate({
  identifier: "RedactedThinkingBlock",
  description: "A thought that the vendor does not show.",
  examples: [{ type: "redacted_thinking", data: "EmwKAhgBEgy…" }]
})
export type RedactedThinkingBlock = typeof RedactedThinkingBlock.Type

export const ReasoningBlock = openStruct({
  type: Schema.Literal("reasoning"),
  content: Schema.Array(Schema.Json).annotate({
    description: "The reasoning, as the vendor gives it.",
    examples: [[]]
  }),
  summary: Schema.Array(Schema.Json).annotate({
    description: "What may be shown of it.",
    examples: [[{ type: "summary_text", text: "Looked up the weather." }]]
  }),
  ...common
}).annotate({
  identifier: "ReasoningBlock",
  description: "Reasoning in parts, with a summary of it.",
  examples: [{ type: "reasoning", content: [], summary: [{ type: "summary_text", text: "Looked up the weather." }] }]
})
export type ReasoningBlock = typeof ReasoningBlock.Type

export const ToolCallBlock = openStruct({
  type: Schema.Literal("tool_call"),
  id: Schema.String.annotate({ description: "Its result names it.", examples: ["call_1"] }),
  name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
  input: Schema.JsonObject.annotate({ description: "The tool's arguments.", examples: [{ city: "Oslo" }] }),
  custom: nullable(Schema.Boolean).annotate({
    description: "true: the tool takes text, which stands under `input`.",
    examples: [true]
  }),
  signature,
  ...common
}).annotate({
  identifier: "ToolCallBlock",
  description: "The model wants a tool to be called.",
  examples: [{ type: "tool_call", id: "call_1", name: "get_weather", input: { city: "Oslo" } }]
})
export type ToolCallBlock = typeof ToolCallBlock.Type

export const ToolResultBlock = openStruct({
  type: Schema.Literal("tool_result"),
  tool_call_id: Schema.String.annotate({ description: "The call it answers.", examples: ["call_1"] }),
  output: Schema.Json.annotate({
    description: "What came of it: text, text and image blocks in order, or any other JSON.",
    examples: ["rain, 4 °C", [{ type: "text", text: "rain" }]]
  }),
  is_error: nullable(Schema.Boolean).annotate({ description: "The tool failed.", examples: [true] }),
  ...common
}).annotate({
  identifier: "ToolResultBlock",
  description: "What came of a tool call.",
  examples: [{ type: "tool_result", tool_call_id: "call_1", output: "rain, 4 °C" }]
})
export type ToolResultBlock = typeof ToolResultBlock.Type

export const ImageBlock = openStruct({
  type: Schema.Literal("image"),
  source: Schema.JsonObject.annotate({
    description: "Where the image is: `url`, or `base64` with its media type and data.",
    examples: [{ type: "url", url: "https://example.com/a.png" }]
  }),
  ...common
}).annotate({
  identifier: "ImageBlock",
  description: "An image.",
  examples: [{ type: "image", source: { type: "url", url: "https://example.com/a.png" } }]
})
export type ImageBlock = typeof ImageBlock.Type

/** Of a tool's output, which is any JSON: whether a value is text or an image, and not an object that has its type alone. */
export const isTextOrImage = (value: unknown): value is TextBlock | ImageBlock =>
  isFields(value) &&
  (value["type"] === "text"
    ? Predicate.isString(value["text"])
    : value["type"] === "image" && isFields(value["source"]))

const modeledTypes: ReadonlySet<string> = new Set([
  "text",
  "thinking",
  "redacted_thinking",
  "reasoning",
  "tool_call",
  "tool_result",
  "image"
])

/** The type of a block that is not among the seven. */
export const UnknownBlockType = Schema.String.check(
  Schema.makeFilter((type) => !modeledTypes.has(type) || `a ${type} block has other fields`)
).pipe(Schema.brand("UnknownBlockType"))

export const UnknownBlock = openStruct({ type: UnknownBlockType, ...common }).annotate({
  identifier: "UnknownBlock",
  description: "A block of a type that is not known here, kept whole: audio, a refusal, a server tool's result …"
})
export type UnknownBlock = typeof UnknownBlock.Type

export const ContentBlock = Schema.Union([
  TextBlock,
  ThinkingBlock,
  RedactedThinkingBlock,
  ReasoningBlock,
  ToolCallBlock,
  ToolResultBlock,
  ImageBlock,
  UnknownBlock
]).annotate({ identifier: "ContentBlock", description: "A part of a message." })
export type ContentBlock = typeof ContentBlock.Type

export type ModeledBlock = Exclude<ContentBlock, UnknownBlock>

export const isModeled = (block: ContentBlock): block is ModeledBlock => modeledTypes.has(block.type)

/** A block of a type that is not among the seven. */
export const unknownBlock = (type: string, fields: Schema.JsonObject): UnknownBlock => ({
  ...fields,
  type: UnknownBlockType.make(type)
})

/** What its client calls a block: of one that is kept whole, its type on the wire it came over. */
export const wireTypeOf = (block: ContentBlock): string => {
  const { block: wire } = block as { readonly block?: unknown }
  return Predicate.hasProperty(wire, "type") && Predicate.isString(wire.type) ? wire.type : block.type
}
