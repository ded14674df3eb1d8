/** Results of tools, and blocks, as MCP writes them. */
import { Predicate } from "effect"
import type { ToolCallResult, ToolContent } from "../../kernel/tools/ToolCallResult.ts"

type Block = { readonly type: string } & Readonly<Record<string, unknown>>

const imageOf = ({ source }: ToolContent & { readonly type: "image" }): Block => {
  const { data, media_type, url } = source
  if (Predicate.isString(data)) {
    return { type: "image", data, mimeType: Predicate.isString(media_type) ? media_type : "image/png" }
  }
  return Predicate.isString(url)
    ? { type: "resource_link", uri: url, name: "image" }
    : { type: "text", text: JSON.stringify(source) }
}

export const blockOf = (block: ToolContent): Block => {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text }
    case "image":
      return imageOf(block)
    case "audio":
      return { type: "audio", data: block.data, mimeType: block.mime_type }
    case "resource": {
      const { blob, mime_type: mimeType, text, uri } = block
      const content = text === undefined ? { blob: blob ?? "" } : { text }
      return { type: "resource", resource: { uri, ...mimeType === undefined ? {} : { mimeType }, ...content } }
    }
    case "resource_link": {
      const { description, mime_type: mimeType, name, uri } = block
      return {
        type: "resource_link",
        uri,
        name: name ?? uri,
        ...description === undefined ? {} : { description },
        ...mimeType === undefined ? {} : { mimeType }
      }
    }
  }
}

export const resultOf = ({ content, is_error, metadata, structured_content }: ToolCallResult) => ({
  content: content.map(blockOf),
  ...Predicate.isObject(structured_content) && !Array.isArray(structured_content)
    ? { structuredContent: structured_content }
    : {},
  isError: is_error,
  ...metadata === undefined ? {} : { _meta: metadata }
})
