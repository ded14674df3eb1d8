/** Images: as data, or where they are. */
import { Predicate, Struct } from "effect"
import { tableOf } from "../../../events/types/Table.ts"
import type { ImageBlock } from "../../messages/ContentBlock.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, whereAny } from "./ProtoNames.ts"

const isImage = (mimeType: unknown): mimeType is string => Predicate.isString(mimeType) && mimeType.startsWith("image/")

/** Undefined for a part that is no image, or a thought. */
export const raise = (part: Fields): ImageBlock | undefined => {
  const { fileData, inlineData, ...rest } = fieldsOf(part)
  if (rest["thought"] === true || (fileData === undefined) === (inlineData === undefined)) return undefined
  const { data, fileUri, mimeType, ...others } = fieldsOf(inlineData ?? fileData)
  if (!isImage(mimeType)) return undefined
  if (inlineData !== undefined) {
    if (!Predicate.isString(data) || fileUri !== undefined) return undefined
    const source = { type: "base64", media_type: mimeType, data }
    return { type: "image", source, ...optionsOf("gemini", { ...rest, ...whereAny("inlineData", others) }) }
  }
  if (!Predicate.isString(fileUri) || data !== undefined) return undefined
  const source = { type: "url", url: fileUri }
  return { type: "image", source, ...optionsOf("gemini", { ...rest, fileData: { mimeType, ...others } }) }
}

export const displayName = (part: unknown): string | undefined => {
  const { fileData, inlineData } = fieldsOf(part)
  const name = fieldsOf(inlineData ?? fileData)["displayName"]
  return Predicate.isString(name) ? name : undefined
}

const dataUrl = /^data:([^;,]+)(?:;[^,;]+)*;base64,(.*)$/s

const byEnding = tableOf<string>({
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif"
})

const mimeTypeOf = (url: string): { readonly mimeType?: string } => {
  const ending = /\.([a-z]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ""
  const mimeType = Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined
  return mimeType === undefined ? {} : { mimeType }
}

/** `name`: by which an output names it. */
export const lower = (block: ImageBlock, name?: string): Fields => {
  const own = optionsFor("gemini", block)
  const [inline, file] = [fieldsOf(own["inlineData"]), fieldsOf(own["fileData"])]
  const rest = Struct.omit(own, ["inlineData", "fileData"]) as Fields
  const named = name === undefined ? {} : { displayName: name }
  const { data, media_type, url } = block.source
  const [, type, bytes] = dataUrl.exec(Predicate.isString(url) ? url : "") ?? []
  if (Predicate.isString(data) || bytes !== undefined) {
    const mimeType = type ?? media_type ?? "image/jpeg"
    return { ...rest, inlineData: { ...named, ...inline, mimeType, data: bytes ?? data! } }
  }
  const fileUri = Predicate.isString(url) ? url : ""
  return { ...rest, fileData: { ...named, ...mimeTypeOf(fileUri), ...file, fileUri } }
}
