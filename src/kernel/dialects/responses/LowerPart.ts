/** Blocks as the parts of a message, or of a tool's result. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, without } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled, isTextOrImage } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as ImageUrl from "../chat/ImageUrl.ts"
import { textTypeOf } from "./RaisePart.ts"

/** The options of a part, without what is remembered of its item. */
const ofPart = (block: ContentBlock): Schema.JsonObject => without(optionsFor("responses", block), ["item", "joined"])

/**
 * Undefined for what is no part of a message in this dialect. The vendor caches by itself: a mark of the cache is a hint
 * that it does not take.
 */
export const part = (block: ContentBlock, role: string): Schema.JsonObject | undefined => {
  if (!isModeled(block)) {
    const given = block["block"]
    return block.type === "responses_part" && isFields(given) ? given : undefined
  }
  if (block.type === "text") {
    if (block["refusal"] === true && role === "assistant") {
      return { type: "refusal", refusal: block.text, ...ofPart(block) }
    }
    const type = textTypeOf(role)
    const more = type === "output_text" ? { annotations: [] } : {}
    return { type, text: block.text, ...more, ...ofPart(block) }
  }
  const url = block.type === "image" && role !== "assistant" ? ImageUrl.urlOf(block.source) : undefined
  if (url === undefined) return undefined
  const detail = block["detail"]
  return { type: "input_image", image_url: url, detail: Predicate.isString(detail) ? detail : "auto", ...ofPart(block) }
}

const isBlock = (value: unknown): value is ContentBlock =>
  isTextOrImage(value) || (isFields(value) && value["type"] === "responses_part")

/** A tool's result: text, its parts in order, or any other JSON as text. */
export const output = (value: Schema.Json): Schema.Json => {
  if (Predicate.isString(value)) return value
  if (Array.isArray(value) && value.length > 0 && value.every(isBlock)) {
    const parts = value.map((block) => part(block, "tool")).filter(Predicate.isNotUndefined)
    if (parts.length === value.length) return parts
  }
  return JSON.stringify(value)
}
