/** What an MCP server answers, as tools and results. What is not understood of it is kept as text. */
import { Predicate, Schema } from "effect"
import type { ToolCallResult, ToolContent } from "../../../kernel/tools/ToolCallResult.ts"
import type { ProviderTool } from "../../../kernel/tools/ToolDefinition.ts"
import { ToolAnnotations } from "../../../kernel/tools/ToolDefinition.ts"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)
const isAnnotations = Schema.is(ToolAnnotations)

const textIn = (fields: Fields, name: string): string | undefined =>
  Predicate.isString(fields[name]) ? fields[name] : undefined

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: string }

const blockOf = (block: unknown): ToolContent => {
  const unknown = (): ToolContent => ({ type: "text", text: JSON.stringify(block) ?? "" })
  if (!isFields(block)) return unknown()
  const { data, mimeType, name, text, uri } = {
    data: textIn(block, "data"),
    mimeType: textIn(block, "mimeType"),
    name: textIn(block, "name"),
    text: textIn(block, "text"),
    uri: textIn(block, "uri")
  }
  switch (block["type"]) {
    case "text":
      return text === undefined ? unknown() : { type: "text", text }
    case "image":
      return data === undefined
        ? unknown()
        : { type: "image", source: { type: "base64", media_type: mimeType ?? "image/png", data } }
    case "audio":
      return data === undefined ? unknown() : { type: "audio", data, mime_type: mimeType ?? "audio/wav" }
    case "resource_link":
      return uri === undefined ? unknown() : {
        type: "resource_link",
        uri,
        ...optional("name", name),
        ...optional("description", textIn(block, "description")),
        ...optional("mime_type", mimeType)
      }
    case "resource": {
      const { resource } = block
      const at = isFields(resource) ? textIn(resource, "uri") : undefined
      if (!isFields(resource) || at === undefined) return unknown()
      return {
        type: "resource",
        uri: at,
        ...optional("mime_type", textIn(resource, "mimeType")),
        ...optional("text", textIn(resource, "text")),
        ...optional("blob", textIn(resource, "blob"))
      }
    }
    default:
      return unknown()
  }
}

/** Undefined where it is no result at all. */
export const resultOf = (answer: unknown): ToolCallResult | undefined => {
  if (!isFields(answer)) return undefined
  const { _meta, content, isError, structuredContent, toolResult } = answer
  if (content !== undefined && !Array.isArray(content)) return undefined
  if (content === undefined && structuredContent === undefined && toolResult === undefined) return undefined
  return {
    content: (content ?? (toolResult === undefined ? [] : [toolResult])).map(blockOf),
    ...structuredContent === undefined ? {} : { structured_content: structuredContent as Schema.Json },
    is_error: isError === true,
    ...isFields(_meta) ? { metadata: _meta as Schema.JsonObject } : {}
  }
}

const anything = { type: "object" }

/** Undefined where it has no name. */
export const toolOf = (listed: unknown): ProviderTool | undefined => {
  if (!isFields(listed)) return undefined
  const { _meta, annotations, inputSchema, outputSchema } = listed
  const [name, title] = [textIn(listed, "name"), textIn(listed, "title")]
  if (name === undefined || name === "") return undefined
  const hints = { ...title === undefined ? {} : { title }, ...isFields(annotations) ? annotations : {} }
  return {
    name,
    description: textIn(listed, "description") ?? "",
    input_schema: isFields(inputSchema) ? inputSchema as Schema.JsonObject : anything,
    ...isFields(outputSchema) ? { output_schema: outputSchema as Schema.JsonObject } : {},
    ...isAnnotations(hints) && Object.keys(hints).length > 0 ? { annotations: hints } : {},
    ...isFields(_meta) ? { metadata: _meta as Schema.JsonObject } : {}
  }
}
