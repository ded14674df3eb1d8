/** The answer of an HTTP tool as its result. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"
import type { ToolCallResult } from "../../../kernel/tools/ToolCallResult.ts"

/** Of a refusal, for the model. */
const longestRefusal = 16_384

const isText = (type: string): boolean =>
  type === "" || /^text\/|[/+](json|xml|yaml|javascript|x-www-form-urlencoded|x-ndjson)\b/.test(type)

const contentOf = (type: string, bytes: Uint8Array, uri: string): ToolCallResult["content"] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isText(type)) return [{ type: "text", text: buffer.toString("utf8") }]
  const data = buffer.toString("base64")
  if (type.startsWith("image/")) return [{ type: "image", source: { type: "base64", media_type: type, data } }]
  if (type.startsWith("audio/")) return [{ type: "audio", data, mime_type: type }]
  return [{ type: "resource", uri, mime_type: type, blob: data }]
}

export interface HttpAnswer {
  readonly status: number
  readonly contentType: string | undefined
  readonly bytes: Uint8Array
  readonly url: string
}

export const of = ({ bytes, contentType = "", status, url }: HttpAnswer): ToolCallResult => {
  const type = contentType.split(";")[0]!.trim().toLowerCase()
  const content = contentOf(type, bytes, url)
  const metadata = { status }
  if (status >= 300) {
    const [first] = content
    const words = first?.type === "text" ? first.text.slice(0, longestRefusal) : ""
    return {
      content: [{ type: "text", text: `HTTP ${status}${words === "" ? "" : `: ${words}`}` }],
      is_error: true,
      metadata
    }
  }
  const [first] = content
  const value = first?.type === "text" && /[/+]json\b/.test(type) ? parse(first.text) : undefined
  return {
    content,
    ...Predicate.isObject(value) && !Array.isArray(value) ? { structured_content: value as Schema.JsonObject } : {},
    is_error: false,
    metadata
  }
}
