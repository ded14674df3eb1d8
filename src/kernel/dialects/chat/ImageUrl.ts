/** An image as OpenAI's dialects name it, by one URL: of the web, or with the data in it. */
import type { Schema } from "effect"
import { asText, textOrNull } from "../../../events/types/JsonAccess.ts"
import * as DataUrl from "../../messages/DataUrl.ts"

export const sourceOf = (url: string): Schema.JsonObject => {
  const held = DataUrl.read(url)
  return held === undefined ? { type: "url", url } : { type: "base64", media_type: held.mediaType, data: held.data }
}

/** Undefined for a source that no URL names, such as another vendor's file. */
export const urlOf = (source: Schema.JsonObject): string | undefined => {
  if (source["type"] === "base64") {
    return DataUrl.write({ mediaType: asText(source["media_type"]), data: asText(source["data"]) })
  }
  return textOrNull(source["url"]) ?? undefined
}
