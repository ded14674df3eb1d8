/** Files that stand in a conversation with what they hold: each dialect has a form of its own for them, or text alone. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, listOf, textOrNull } from "../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import { isModeled, unknownBlock } from "../messages/ContentBlock.ts"
import * as DataUrl from "../messages/DataUrl.ts"
import * as MediaTypes from "../messages/MediaTypes.ts"

export interface FilePart {
  readonly name: string | null
  readonly mediaType: string
  /** Of a text, where its sender names it. */
  readonly charset?: string
  /** In base64. */
  readonly data: string
}

/** What a `data:` URL holds, or base64 alone where the name says of what; undefined for what is neither. */
export const inData = (given: unknown, name: string | null): FilePart | undefined => {
  const held = DataUrl.read(given)
  const byName = MediaTypes.ofName(name ?? "")
  if (held !== undefined) {
    const { charset, data, isNamed, mediaType } = held
    const type = MediaTypes.of(isNamed ? mediaType : byName ?? mediaType, name ?? "")
    return { name, mediaType: type, ...charset === undefined ? {} : { charset }, data }
  }
  if (byName === undefined || !Predicate.isString(given) || given === "") return undefined
  const data = DataUrl.base64Of(given)
  return data === undefined ? undefined : { name, mediaType: byName, data }
}

/** Undefined for what is no file, or one that is somewhere else. */
const fileOf = ({ block, type }: ContentBlock): FilePart | undefined => {
  if (!isFields(block)) return undefined
  if (type === "responses_part" && block["type"] === "input_file") {
    return inData(block["file_data"], textOrNull(block["filename"]))
  }
  const { file } = block
  return type === "chat_block" && block["type"] === "file" && isFields(file)
    ? inData(file["file_data"], textOrNull(file["filename"]))
    : undefined
}

/** In the charset that is named, where this machine knows it. */
const textOf = ({ charset = "utf-8", data }: FilePart): string => {
  const bytes = Buffer.from(data, "base64")
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString("utf8")
  }
}

const asText = (file: FilePart): ContentBlock => ({
  type: "text",
  text: file.name === null ? textOf(file) : `${file.name}:\n\n${textOf(file)}`
})

const pdf = MediaTypes.ofEnding("pdf")

/** Undefined for a file that the dialect has no form for. */
type Form = (file: FilePart) => ContentBlock | undefined

const forms: Readonly<Record<string, Form>> = {
  anthropic: (file) => {
    const { data, mediaType: media_type, name } = file
    const source = MediaTypes.isText(media_type)
      ? { type: "text", media_type: "text/plain", data: textOf(file) }
      : media_type === pdf
      ? { type: "base64", media_type, data }
      : undefined
    return source === undefined
      ? undefined
      : unknownBlock("anthropic_block", {
        block: { type: "document", source, ...name === null ? {} : { title: name } }
      })
  },
  gemini: (file) => {
    const { data, mediaType: mimeType } = file
    return MediaTypes.isText(mimeType)
      ? asText(file)
      : unknownBlock("gemini_block", { block: { inlineData: { mimeType, data } } })
  },
  chat: (file) =>
    MediaTypes.isText(file.mediaType)
      ? asText(file)
      : unknownBlock("chat_block", {
        block: { type: "file", file: { filename: file.name ?? "file", file_data: DataUrl.write(file) } }
      }),
  responses: (file) =>
    unknownBlock("responses_part", {
      block: { type: "input_file", filename: file.name ?? "file", file_data: DataUrl.write(file) }
    })
}

/** Of a dialect without files: what is text is told as text. */
const others: Form = (file) => MediaTypes.isText(file.mediaType) ? asText(file) : undefined

/** What a tool gave that is no text stands there as the dialect's results have it alone. */
const inResult: ReadonlySet<string> = new Set(["anthropic", "responses"])

const written = (block: ContentBlock, dialect: string, isResult: boolean): ContentBlock => {
  if (isModeled(block) || block.type.startsWith(`${dialect}_`)) return block
  const file = fileOf(block)
  if (file === undefined) return block
  const form = isResult && !inResult.has(dialect) ? others : forms[dialect] ?? others
  return form(file) ?? block
}

const isBlock = (value: unknown): value is ContentBlock => isFields(value) && Predicate.isString(field(value, "type"))

/** The request with its files as vendors of the dialect read them; what they have no form for stays. */
export const forVendor = (request: ChatRequest, dialect: string): ChatRequest => {
  let hasChanged = false
  const changed = (block: ContentBlock, isResult: boolean): ContentBlock => {
    const form = written(block, dialect, isResult)
    hasChanged ||= form !== block
    return form
  }
  const messages = request.messages.map((message) => {
    if (Predicate.isString(message.content) || message.role === "assistant") return message
    const content = message.content.map((block) => {
      if (!isModeled(block) || block.type !== "tool_result") return changed(block, false)
      const parts = listOf(block.output)
      if (parts.length === 0 || !parts.every(isBlock)) return block
      const output = parts.map((part) => changed(part as unknown as ContentBlock, true) as Schema.JsonObject)
      return output.every((part, at) => part === parts[at]) ? block : { ...block, output }
    })
    return content.every((block, at) => block === message.content[at]) ? message : { ...message, content }
  })
  return hasChanged ? { ...request, messages } : request
}
