/** Files that stand in a conversation, as each dialect's clients write them: with what they hold, or where they are. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, listOf, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import * as DataUrl from "../messages/DataUrl.ts"
import * as MediaTypes from "../messages/MediaTypes.ts"

type Fields = Schema.JsonObject

/** A file with what it holds. */
export interface FilePart {
  readonly name: string | null
  readonly mediaType: string
  /** Of a text, where its sender names it. */
  readonly charset?: string
  /** In base64. */
  readonly data: string
}

/** A file that a vendor has to fetch. */
export interface PlacedFile {
  readonly name: string | null
  readonly mediaType: string | undefined
  readonly url: string
}

/** A file, and what its client says of it that no other dialect has. */
export interface GivenFile {
  readonly file: FilePart | PlacedFile
  readonly besides: ReadonlyArray<string>
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

export const isWebUrl = (url: unknown): url is string => Predicate.isString(url) && /^https?:\/\//i.test(url)

/** `given`: its type, where its client says it; else by what the address ends in. */
const at = (url: unknown, name: string | null, given?: unknown): PlacedFile | undefined => {
  if (!isWebUrl(url)) return undefined
  const path = url.split(/[?#]/, 1)[0]!
  return { name, url, mediaType: textOrNull(given) ?? MediaTypes.ofName(name ?? "") ?? MediaTypes.ofName(path) }
}

const alone = (file: FilePart | PlacedFile | undefined): GivenFile | undefined =>
  file === undefined ? undefined : { file, besides: [] }

const held = (data: unknown, mediaType: unknown, name: string | null): FilePart | undefined =>
  Predicate.isString(data) && Predicate.isString(mediaType) && !/^(?:image|audio|video)\//.test(mediaType)
    ? { name, mediaType: MediaTypes.of(mediaType, name ?? ""), data }
    : undefined

const ofText = (text: string, name: string | null): FilePart => ({
  name,
  mediaType: "text/plain",
  data: Buffer.from(text).toString("base64")
})

/** Text blocks of one document. */
const textIn = (content: unknown): string | undefined => {
  const texts = Predicate.isString(content) ? [content] : listOf(content).map((each) => field(each, "text"))
  return texts.length > 0 && texts.every(Predicate.isString) ? texts.join("\n\n") : undefined
}

const inDocument = ({ data, media_type, content, type, url }: Fields, name: string | null) => {
  const text = type === "content" ? textIn(content) : type === "text" ? textOrNull(data) ?? undefined : undefined
  if (text !== undefined) return ofText(text, name)
  return type === "base64"
    ? held(data, media_type, name)
    : type === "url"
    ? at(url, name, "application/pdf")
    : undefined
}

/** What is asked of a document that no other dialect has. */
const besidesOf = ({ citations, context }: Fields): ReadonlyArray<string> => [
  ...field(citations, "enabled") === true ? ["citations of a document"] : [],
  ...(textOrNull(context) ?? "") === "" ? [] : ["what is said about a document (context)"]
]

const ofAnthropic = (block: Fields): GivenFile | undefined => {
  const { source, title, type } = block
  const file = type === "document" && isFields(source) ? inDocument(source, textOrNull(title)) : undefined
  return file === undefined ? undefined : { file, besides: besidesOf(block) }
}

/** Google's own store of files is nobody else's. */
const googles = /^https:\/\/generativelanguage\.googleapis\.com\//i

const ofGemini = ({ fileData, inlineData }: Fields): FilePart | PlacedFile | undefined => {
  const given = isFields(inlineData) ? inlineData : isFields(fileData) ? fileData : {}
  const name = textOrNull(given["displayName"])
  const { data, fileUri, mimeType } = given
  if (data !== undefined) return held(data, mimeType, name)
  return googles.test(String(fileUri)) ? undefined : at(fileUri, name, mimeType)
}

const ofInteractions = ({ data, mime_type, type, uri }: Fields): FilePart | PlacedFile | undefined => {
  if (type !== "document") return undefined
  if (data !== undefined) return held(data, mime_type, null)
  return googles.test(String(uri)) ? undefined : at(uri, null, mime_type)
}

const ofBedrock = (block: Fields): GivenFile | undefined => {
  const document = isFields(block["document"]) ? block["document"] : {}
  const { format, name: given, source } = document
  if (!isFields(source)) return undefined
  const name = textOrNull(given)
  const text = textOrNull(source["text"]) ?? textIn(objectsIn(source["content"]))
  const type = MediaTypes.ofName(`a.${String(format)}`)
  const file = text === undefined ? held(source["bytes"], type, name) : ofText(text, name)
  return file === undefined ? undefined : { file, besides: besidesOf(document) }
}

/** Undefined for what is no file, or one that its client's vendor alone has. */
export const fileIn = ({ block, type }: ContentBlock): GivenFile | undefined => {
  if (!isFields(block)) return undefined
  switch (type) {
    case "responses_part": {
      const { file_data, file_url, filename, type: kind } = block
      const name = textOrNull(filename)
      return kind === "input_file" ? alone(inData(file_data, name) ?? at(file_url, name)) : undefined
    }
    case "chat_block": {
      const { file, type: kind } = block
      return kind === "file" && isFields(file)
        ? alone(inData(file["file_data"], textOrNull(file["filename"])))
        : undefined
    }
    case "anthropic_block":
      return ofAnthropic(block)
    case "gemini_block":
      return alone(ofGemini(block))
    case "interactions_block":
      return alone(ofInteractions(block))
    case "bedrock_block":
      return ofBedrock(block)
    default:
      return undefined
  }
}
