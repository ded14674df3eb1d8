/** What a file is once it has been read: its text, the parts it has, and the chunks it was cut into. */
import { Schema } from "effect"

export const TextMetadata = Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite])).annotate({
  description: "Where it stands: page, sheet, slide, heading, whichever the file has.",
  examples: [{ page: 3 }]
})
export type TextMetadata = typeof TextMetadata.Type

/** A page, a sheet, a slide, a section: what the file itself is made of. */
export const TextPart = Schema.Struct({ text: Schema.String, metadata: TextMetadata })
export type TextPart = typeof TextPart.Type

export const TextChunk = Schema.Struct({
  index: Schema.Int.annotate({ description: "Its place, from 0.", examples: [0] }),
  text: Schema.String.annotate({ description: "What it says.", examples: ["Oslo is cold."] }),
  tokens: Schema.Int.annotate({ description: "How long it is, tokens.", examples: [4] }),
  /** Of the whole text, UTF-16 code units; `end` is behind the last. */
  start: Schema.Int.annotate({ description: "Where in the text it begins, UTF-16 code units.", examples: [0] }),
  end: Schema.Int.annotate({ description: "Where it ends: behind its last code unit.", examples: [13] }),
  metadata: TextMetadata
})
export type TextChunk = typeof TextChunk.Type

export const ProcessedFile = Schema.Struct({
  /** As its bytes say: `application/pdf`. */
  contentType: Schema.String,
  /** All parts, with an empty line between them. */
  text: Schema.String,
  parts: Schema.Array(TextPart),
  chunks: Schema.Array(TextChunk),
  /** What could not be read, in words for people. */
  warnings: Schema.Array(Schema.String)
})
export type ProcessedFile = typeof ProcessedFile.Type
