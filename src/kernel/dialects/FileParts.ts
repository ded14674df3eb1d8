/** Files that stand in a conversation with what they hold: each dialect has a form of its own for them, or text alone. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, listOf } from "../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import { isModeled, unknownBlock } from "../messages/ContentBlock.ts"
import * as DataUrl from "../messages/DataUrl.ts"
import * as MediaTypes from "../messages/MediaTypes.ts"
import type { FilePart, PlacedFile } from "./FileBlocks.ts"
import { fileIn } from "./FileBlocks.ts"
import type { LoweringReport } from "./LoweringReport.ts"

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

const noSuch = "The vendor's dialect has no such thing"

/** As OpenAI wants one: with an ending. */
const nameOf = ({ mediaType, name }: FilePart): string => {
  const ending = MediaTypes.endingOf(mediaType)
  return name ?? (ending === undefined ? "file" : `file.${ending}`)
}

/** Names of documents as Converse takes them: of few characters, and each once in a request. */
class DocumentNames {
  readonly #counts = new Map<string, number>()

  of(name: string | null): string {
    const bare = (name ?? "").replace(/\.[A-Za-z\d]{1,5}$/, "").replaceAll(/[^A-Za-z\d\-()[\]]+/g, " ").trim()
    const plain = bare === "" ? "document" : bare.slice(0, 180).trim()
    const count = (this.#counts.get(plain) ?? 0) + 1
    this.#counts.set(plain, count)
    return count === 1 ? plain : `${plain} (${count})`
  }
}

/** Undefined for a file that the dialect has no form for. */
type Form = (file: FilePart, names: DocumentNames) => ContentBlock | undefined

const document = (source: Schema.JsonObject, name: string | null): ContentBlock =>
  unknownBlock("anthropic_block", {
    block: { type: "document", source, ...name === null ? {} : { title: name } }
  })

/** Formats of Converse's documents, besides those that are text. */
const bedrockFormats: ReadonlySet<string | undefined> = new Set(["pdf", "doc", "docx", "xls", "xlsx"])

const forms: Readonly<Record<string, Form>> = {
  anthropic: (file) => {
    const { data, mediaType: media_type, name } = file
    if (MediaTypes.isText(media_type)) {
      return document({ type: "text", media_type: "text/plain", data: textOf(file) }, name)
    }
    return media_type === pdf ? document({ type: "base64", media_type, data }, name) : undefined
  },
  bedrock: (file, names) => {
    const { data, mediaType, name } = file
    if (MediaTypes.isText(mediaType)) return asText(file)
    const format = MediaTypes.endingOf(mediaType)
    return format === undefined || !bedrockFormats.has(format) ? undefined : unknownBlock("bedrock_block", {
      block: { document: { format, name: names.of(name), source: { bytes: data } } }
    })
  },
  gemini: (file) => {
    const { data, mediaType: mimeType } = file
    return MediaTypes.isText(mimeType)
      ? asText(file)
      : unknownBlock("gemini_block", { block: { inlineData: { mimeType, data } } })
  },
  interactions: (file) => {
    const { data, mediaType: mime_type } = file
    if (MediaTypes.isText(mime_type)) return asText(file)
    return mime_type === pdf
      ? unknownBlock("interactions_block", { block: { type: "document", data, mime_type } })
      : undefined
  },
  chat: (file) =>
    MediaTypes.isText(file.mediaType)
      ? asText(file)
      : unknownBlock("chat_block", {
        block: { type: "file", file: { filename: nameOf(file), file_data: DataUrl.write(file) } }
      }),
  responses: (file) =>
    unknownBlock("responses_part", {
      block: { type: "input_file", filename: nameOf(file), file_data: DataUrl.write(file) }
    })
}

/** Of a dialect without files: what is text is told as text. */
const others: Form = (file) => MediaTypes.isText(file.mediaType) ? asText(file) : undefined

/** Dialects whose vendors fetch files themselves: nobody does here, for who is to be asked is the client's choice. */
const placed: Readonly<Record<string, (file: PlacedFile) => ContentBlock>> = {
  anthropic: ({ mediaType, name, url }) =>
    MediaTypes.isImage(mediaType ?? "")
      ? { type: "image", source: { type: "url", url } }
      : document({ type: "url", url }, name),
  responses: ({ name, url }) =>
    unknownBlock("responses_part", {
      block: { type: "input_file", file_url: url, ...name === null ? {} : { filename: name } }
    })
}

/** What a tool gave that is no text stands there as the dialect's results have it alone. */
const inResult: ReadonlySet<string> = new Set(["anthropic", "bedrock", "responses"])

interface Writing {
  readonly dialect: string
  readonly names: DocumentNames
  readonly report: Pick<LoweringReport, "degrade">
}

const written = (block: ContentBlock, { dialect, names, report }: Writing, isResult: boolean): ContentBlock => {
  if (isModeled(block) || block.type.startsWith(`${dialect}_`)) return block
  const given = fileIn(block)
  if (given === undefined) return block
  const { besides, file } = given
  const form = isResult && !inResult.has(dialect) ? others : forms[dialect] ?? others
  const made = "url" in file ? placed[dialect]?.(file) : form(file, names)
  if (made === undefined) return block
  for (const requested of besides) report.degrade({ requested, actual: "the document alone", reason: noSuch })
  return made
}

const isBlock = (value: unknown): value is ContentBlock => isFields(value) && Predicate.isString(field(value, "type"))

/** The request with its files as vendors of the dialect read them; what they have no form for stays. */
export const forVendor = (
  request: ChatRequest,
  dialect: string,
  report: Pick<LoweringReport, "degrade">
): ChatRequest => {
  let hasChanged = false
  const writing = { dialect, names: new DocumentNames(), report }
  const changed = (block: ContentBlock, isResult: boolean): ContentBlock => {
    const form = written(block, writing, isResult)
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
