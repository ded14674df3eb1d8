/** What is a file in a conversation, in each dialect, and what is none. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as FileBlocks from "../../../src/kernel/dialects/FileBlocks.ts"
import { unknownBlock } from "../../../src/kernel/messages/ContentBlock.ts"

type Json = Schema.JsonObject

const fileIn = (type: Parameters<typeof unknownBlock>[0], block: Json) =>
  FileBlocks.fileIn(unknownBlock(type, { block }))

const document = (document: Json): Json => ({ document: { format: "md", name: "a", ...document } })
const url = "https://example.com/a.pdf?b#c"

const files: ReadonlyArray<readonly [type: Parameters<typeof unknownBlock>[0], block: Json, file: Json]> = [
  ["responses_part", { type: "input_file", file_url: url }, { name: null, url, mediaType: "application/pdf" }],
  ["gemini_block", { fileData: { fileUri: url, mimeType: "text/html" } }, { name: null, url, mediaType: "text/html" }],
  ["interactions_block", { type: "document", uri: url }, { name: null, url, mediaType: "application/pdf" }],
  ["bedrock_block", document({ source: { bytes: "eA==" } }), { name: "a", mediaType: "text/markdown", data: "eA==" }],
  ["bedrock_block", document({ source: { text: "x" } }), { name: "a", mediaType: "text/plain", data: "eA==" }],
  ["bedrock_block", document({ source: { content: [{ text: "x" }] } }), {
    name: "a",
    mediaType: "text/plain",
    data: "eA=="
  }]
]

const others: ReadonlyArray<readonly [type: Parameters<typeof unknownBlock>[0], block: Json]> = [
  ["responses_part", { type: "input_file", file_id: "file-x" }],
  ["responses_part", { type: "input_file", file_url: "file:///etc/passwd" }],
  ["chat_block", { type: "input_audio", input_audio: { data: "eA==", format: "wav" } }],
  ["anthropic_block", { type: "search_result", source: "a" }],
  ["anthropic_block", { type: "document", source: { type: "content", content: [{ type: "image" }] } }],
  ["gemini_block", { inlineData: { mimeType: "audio/wav", data: "eA==" } }],
  ["gemini_block", { fileData: { fileUri: "gs://bucket/a.pdf", mimeType: "application/pdf" } }],
  ["interactions_block", { type: "video", data: "eA==", mime_type: "video/mp4" }],
  ["bedrock_block", document({ source: { s3Location: { uri: "s3://a/b" } } })],
  ["bedrock_block", { video: {} }],
  ["canonical_block" as "chat_block", { type: "file" }]
]

describe("a file in a conversation", () => {
  it.each(files)("of %s is one: %j", (type, block, file) => {
    assert.deepStrictEqual<unknown>(fileIn(type, block)?.file, file)
  })

  it.each(others)("of %s is none: %j", (type, block) => {
    assert.isUndefined(fileIn(type, block))
  })
})
