/** A file of a prompt as a block: images as such, sound and documents as the chat dialect has them. */
import { Result } from "effect"
import type { Schema } from "effect"
import type { Prompt } from "effect/ai"
import { tableOf } from "../../../events/types/Table.ts"
import type { ContentBlock } from "../../../kernel/messages/ContentBlock.ts"
import { unknownBlock } from "../../../kernel/messages/ContentBlock.ts"
import * as DataUrl from "../../../kernel/messages/DataUrl.ts"

type Given = Pick<Prompt.FilePart, "data" | "fileName" | "mediaType">

/** Bytes in base64, or where the file is. */
type Source = { readonly base64: string } | { readonly url: string }

const sourceOf = (data: Given["data"]): Source => {
  if (data instanceof URL) return { url: data.href }
  if (data instanceof Uint8Array) return { base64: Buffer.from(data).toString("base64") }
  return /^https?:/i.test(data) || DataUrl.isDataUrl(data) ? { url: data } : { base64: data }
}

/** For a type that is left open, one that vendors take: they look at the bytes. */
const imageType = (mediaType: string): string => mediaType === "image/*" ? "image/png" : mediaType

const imageOf = (mediaType: string, source: Source): ContentBlock => ({
  type: "image",
  source: "url" in source
    ? { type: "url", url: source.url }
    : { type: "base64", media_type: imageType(mediaType), data: source.base64 }
})

const soundFormats = tableOf<string>({ mpeg: "mp3", "x-wav": "wav", wave: "wav" })

const chatBlock = (block: Schema.JsonObject): ContentBlock => unknownBlock("chat_block", { block })

/** Fails with what can't be sent, and the remedy. */
export const of = ({ data, fileName, mediaType }: Given): Result.Result<ContentBlock, string> => {
  const source = sourceOf(data)
  const [kind = "", subtype = ""] = mediaType.split("/")
  if (kind === "image") return Result.succeed(imageOf(mediaType, source))
  const base64 = "url" in source ? DataUrl.read(source.url)?.data : source.base64
  if (base64 === undefined) {
    return Result.fail(`a file of type ${mediaType} can't be sent by its URL: give its bytes as data`)
  }
  if (kind === "audio") {
    return Result.succeed(
      chatBlock({ type: "input_audio", input_audio: { data: base64, format: soundFormats[subtype] ?? subtype } })
    )
  }
  const file_data = DataUrl.write({ mediaType, data: base64 })
  return Result.succeed(chatBlock({ type: "file", file: { filename: fileName ?? `file.${subtype}`, file_data } }))
}
