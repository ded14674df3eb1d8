/** What came of a tool: ordered text, images and more, and whether it failed. */
import { Schema } from "effect"
import { openStruct } from "../../events/types/OpenSchema.ts"
import { ImageBlock, TextBlock } from "../messages/ContentBlock.ts"

const mime_type = Schema.String.annotate({ description: "Its media type.", examples: ["audio/wav"] })
const uri = Schema.String.annotate({ description: "Which it is.", examples: ["file:///report.txt"] })

export const AudioBlock = openStruct({
  type: Schema.Literal("audio"),
  data: Schema.String.annotate({ description: "Base64." }),
  mime_type
}).annotate({ identifier: "ToolAudioBlock", description: "Sound." })

export const ResourceBlock = openStruct({
  type: Schema.Literal("resource"),
  uri,
  mime_type: Schema.optionalKey(mime_type),
  text: Schema.optionalKey(Schema.String.annotate({ description: "What it says, where it is text." })),
  blob: Schema.optionalKey(Schema.String.annotate({ description: "Base64, where it is none." }))
}).annotate({ identifier: "ToolResourceBlock", description: "A document with its content." })

export const ResourceLinkBlock = openStruct({
  type: Schema.Literal("resource_link"),
  uri,
  name: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  mime_type: Schema.optionalKey(mime_type)
}).annotate({ identifier: "ToolResourceLinkBlock", description: "A document that can be read elsewhere." })

export const ToolContent = Schema.Union([TextBlock, ImageBlock, AudioBlock, ResourceBlock, ResourceLinkBlock])
export type ToolContent = typeof ToolContent.Type

export const ToolCallResult = Schema.Struct({
  content: Schema.Array(ToolContent).annotate({
    description: "In the tool's order.",
    examples: [[{ type: "text", text: "rain, 4 °C" }]]
  }),
  structured_content: Schema.optionalKey(Schema.Json.annotate({
    description: "The same as a value, where the tool gives one.",
    examples: [{ celsius: 4 }]
  })),
  is_error: Schema.Boolean.annotate({ description: "The tool ran and failed; the content says why, for the model." }),
  metadata: Schema.optionalKey(Schema.JsonObject.annotate({ description: "What else it says, not for the model." }))
}).annotate({ identifier: "ToolCallResult", description: "What came of a call of a tool." })
export type ToolCallResult = typeof ToolCallResult.Type

export const text = (text: string): ToolCallResult => ({ content: [{ type: "text", text }], is_error: false })

/** It ran, or was to, and this is why nothing came of it. */
export const failed = (text: string): ToolCallResult => ({ content: [{ type: "text", text }], is_error: true })

/** The texts in it, each on lines of its own. */
export const textOf = ({ content }: ToolCallResult): string =>
  content.flatMap((block) => block.type === "text" ? [block.text] : []).join("\n")

/** What the event of a call says of it. */
export const summary = ({ content, is_error }: ToolCallResult) => ({
  is_error,
  content_types: content.map(({ type }) => type),
  text_characters: content.reduce((sum, block) => sum + (block.type === "text" ? block.text.length : 0), 0)
})
