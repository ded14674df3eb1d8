/** The parts of a message, or of a tool's result, as blocks. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as ImageUrl from "../chat/ImageUrl.ts"
import type { Origin } from "../chat/RaiseMessage.ts"

const textTypes: ReadonlySet<unknown> = new Set(["input_text", "output_text", "text"])

/** The type of text that a message of the role usually has. */
export const textTypeOf = (role: string): string => role === "assistant" ? "output_text" : "input_text"

const isEmpty = (value: unknown): boolean => value == null || (Array.isArray(value) && value.length === 0)

/** What says something. */
export const meaningful = (fields: Schema.JsonObject): Schema.JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)))

/** `more`: what is to be remembered of the item that the part stands in. */
export const part = (
  value: unknown,
  role: string,
  origin: Origin = {},
  more: Schema.JsonObject = {}
): ContentBlock => {
  const fields = isFields(value) ? value : { value: value as Schema.Json }
  const { detail, image_url, refusal, text, type, ...rest } = fields
  const usual = textTypeOf(role)
  if (textTypes.has(type) && Predicate.isString(text)) {
    const options = { ...meaningful(rest), ...(type === usual ? {} : { type: type! }), ...more }
    return { type: "text", text, ...origin, ...optionsOf("responses", options) }
  }
  // To whoever knows no refusals it is what the model answers.
  if (type === "refusal" && Predicate.isString(refusal)) {
    return { type: "text", text: refusal, refusal: true, ...origin, ...optionsOf("responses", { ...rest, ...more }) }
  }
  const url = textOrNull(image_url)
  if (type === "input_image" && url !== null) {
    const options = { ...meaningful(rest), ...more }
    const detailed = detail == null ? {} : { detail }
    return { type: "image", source: ImageUrl.sourceOf(url), ...detailed, ...origin, ...optionsOf("responses", options) }
  }
  return unknownBlock("responses_part", { block: fields, ...origin, ...optionsOf("responses", more) })
}

/** Of a content that is text or a list of parts: undefined for text, which stays as it is. */
export const parts = (content: unknown, role: string): ReadonlyArray<ContentBlock> | undefined =>
  Array.isArray(content) ? content.map((each: unknown) => part(each, role)) : undefined
