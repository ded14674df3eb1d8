/** Requests in Anthropic's dialect as Strata writes them itself: stricter than what it reads. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"

/** What ids of tool calls may consist of. */
export const toolId = /^[a-zA-Z0-9_-]+$/

/** What the name of a tool may consist of. */
export const toolName = /^[a-zA-Z0-9_-]{1,128}$/

export const imageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const

/** Of the blocks that Strata writes itself; any other is one that came whole. */
const written = new Set(["text", "image", "thinking", "redacted_thinking", "tool_use", "tool_result"])

const cacheControl = nullable(Schema.JsonObject)
const id = Schema.String.check(Schema.isPattern(toolId))

export const SentText = openStruct({
  type: Schema.Literal("text"),
  text: Schema.NonEmptyString,
  cache_control: cacheControl
}).annotate({ description: "Text, never empty." })

export const SentImage = openStruct({
  type: Schema.Literal("image"),
  source: Schema.Union([
    Schema.Struct({ type: Schema.Literal("url"), url: Schema.String }),
    Schema.Struct({ type: Schema.Literal("base64"), media_type: Schema.Literals(imageTypes), data: Schema.String })
  ]),
  cache_control: cacheControl
}).annotate({ description: "An image, by its address or whole." })

/** A block that came in this dialect and goes back as it came: a document, a server tool's result … */
export const SentWhole = openStruct({
  type: Schema.String.check(Schema.makeFilter((type) => !written.has(type) || `a ${type} block has other fields`))
}).annotate({ description: "A block that came in this dialect, whole." })

const result = Schema.Union([SentText, SentImage, SentWhole])

export const SentToolResult = openStruct({
  type: Schema.Literal("tool_result"),
  tool_use_id: id,
  content: Schema.optionalKey(Schema.Union([Schema.NonEmptyString, Schema.Array(result)])),
  is_error: Schema.optionalKey(Schema.Boolean),
  cache_control: cacheControl
}).annotate({ description: "What came of a tool call." })

/** A thought of a vendor that signs nothing goes back as it came. */
export const SentUnsigned = openStruct({
  type: Schema.Literal("thinking"),
  thinking: Schema.String,
  signature: Schema.optionalKey(Schema.Never)
})

export const SentAssistantBlock = Schema.Union([
  SentText,
  openStruct({ type: Schema.Literal("thinking"), thinking: Schema.String, signature: Schema.String }),
  SentUnsigned,
  openStruct({ type: Schema.Literal("redacted_thinking"), data: Schema.String }),
  openStruct({
    type: Schema.Literal("tool_use"),
    id,
    name: Schema.NonEmptyString,
    input: Schema.JsonObject,
    cache_control: cacheControl
  }),
  SentWhole
])

export const SentTurn = Schema.Union([
  openStruct({
    role: Schema.Literal("user"),
    content: Schema.NonEmptyArray(Schema.Union([SentToolResult, SentText, SentImage, SentWhole]))
  }),
  openStruct({ role: Schema.Literal("assistant"), content: Schema.NonEmptyArray(SentAssistantBlock) }),
  openStruct({
    role: Schema.Literal("system"),
    content: Schema.Union([Schema.NonEmptyString, Schema.NonEmptyArray(Schema.Union([SentText, SentWhole]))])
  })
]).annotate({ description: "A turn, with what its role may hold." })

export const SentTool = Schema.Union([
  openStruct({
    name: Schema.String.check(Schema.isPattern(toolName)),
    input_schema: openStruct({ type: Schema.Literal("object") }),
    type: nullable(Schema.Literal("custom"))
  }),
  openStruct({
    type: Schema.String.check(Schema.makeFilter((type) => type !== "custom" || "a client's tool has a schema"))
  })
]).annotate({ description: "A tool, of the client's or of the vendor's." })

export const SentRequest = openStruct({
  model: Schema.NonEmptyString,
  max_tokens: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  messages: Schema.NonEmptyArray(SentTurn),
  system: Schema.optionalKey(
    Schema.Union([Schema.NonEmptyString, Schema.NonEmptyArray(Schema.Union([SentText, SentWhole]))])
  ),
  stream: Schema.optionalKey(Schema.Boolean),
  stop_sequences: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString)),
  temperature: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  top_p: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  top_k: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  tools: Schema.optionalKey(Schema.NonEmptyArray(SentTool))
}).annotate({
  description: "A request for a message as Strata writes it.",
  examples: [{
    model: "claude-sonnet-4-5",
    max_tokens: 1024,
    messages: [{ role: "user", content: [{ type: "text", text: "What is the weather in Oslo?" }] }]
  }]
})
export type SentRequest = typeof SentRequest.Type
