/** An image as OpenAI's dialects name it, by one URL: of the web, or with the data in it. */
import type { Schema } from "effect"
import { asText, textOrNull } from "../../../events/types/JsonAccess.ts"

const dataUrl = /^data:([^;,]+);base64,(.*)$/s

export const sourceOf = (url: string): Schema.JsonObject => {
  const [, media_type, data] = dataUrl.exec(url) ?? []
  return media_type === undefined || data === undefined ? { type: "url", url } : { type: "base64", media_type, data }
}

/** Undefined for a source that no URL names, such as another vendor's file. */
export const urlOf = (source: Schema.JsonObject): string | undefined => {
  if (source["type"] === "base64") return `data:${asText(source["media_type"])};base64,${asText(source["data"])}`
  return textOrNull(source["url"]) ?? undefined
}
