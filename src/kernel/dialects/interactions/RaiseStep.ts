/** A step as blocks of a message. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, listOf, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as Signatures from "../gemini/Signatures.ts"
import type { Fields } from "./Steps.ts"
import { contentsOf } from "./Steps.ts"

/** What every block of an answer says of where it comes from. */
export interface Origin {
  readonly producer_model?: string
}

const whole = (block: Fields, origin: Origin): ContentBlock => unknownBlock("interactions_block", { block, ...origin })

const signed = (signature: Schema.Json | undefined) =>
  Predicate.isString(signature) && signature !== "" ? Signatures.raise(signature) : {}

/** Undefined for one that is neither data nor an address. */
export const imageSource = ({ data, mime_type, uri }: Fields): Fields | undefined => {
  if (Predicate.isString(data) && Predicate.isString(mime_type) && uri === undefined) {
    return { type: "base64", media_type: mime_type, data }
  }
  return Predicate.isString(uri) && data === undefined ? { type: "url", url: uri } : undefined
}

const image = (content: Fields, origin: Origin): ContentBlock => {
  const { data: _, mime_type, type: __, uri, ...rest } = content
  const source = imageSource(content)
  if (source === undefined) return whole(content, origin)
  const more = uri !== undefined && mime_type !== undefined ? { ...rest, mime_type } : rest
  return { type: "image", source, ...optionsOf("interactions", more), ...origin }
}

/** `more`: what its step says besides. */
export const raiseContent = (given: Fields, origin: Origin, more: Fields = {}): ContentBlock => {
  const { signature, text, type, ...rest } = given
  if (type === "text" && Predicate.isString(text)) {
    return { type, text, ...signed(signature), ...optionsOf("interactions", { ...rest, ...more }), ...origin }
  }
  return type === "image" && Object.keys(more).length === 0 ? image(given, origin) : whole(given, origin)
}

const isPlainText = (part: Fields): boolean =>
  part["type"] === "text" && Predicate.isString(part["text"]) && Object.keys(part).length === 2

const thought = (step: Fields, origin: Origin): ContentBlock => {
  const { signature, summary, type: _, ...rest } = step
  const parts = objectsIn(summary)
  const thinking = parts.map(({ text }) => text).filter(Predicate.isString).join("")
  const sealed = Predicate.isString(signature) ? Signatures.open(signature, thinking) : undefined
  if (sealed !== undefined) return sealed
  const isWhole = summary === undefined || (parts.length === 1 && isPlainText(parts[0]!) && thinking !== "")
  const own = { thought: true, ...rest, ...(isWhole ? {} : { summary: summary! }) }
  // Google's other API takes it for its own, also where it is not signed.
  const of = { producer_dialect: "gemini", ...signed(signature) }
  return { type: "thinking", thinking, ...of, ...optionsOf("interactions", own), ...origin }
}

const call = (step: Fields, origin: Origin): ContentBlock => {
  const { arguments: input, id, name, signature, type: _, ...rest } = step
  if (!Predicate.isString(name) || !Predicate.isString(id) || !isFields(input ?? {})) return whole(step, origin)
  return {
    type: "tool_call",
    id,
    name,
    input: (input ?? {}) as Fields,
    ...signed(signature),
    ...optionsOf("interactions", rest),
    ...origin
  }
}

/** A result's list of text and images as blocks; undefined where it holds something else. */
const outputOf = (result: Schema.Json): Schema.Json => {
  if (!Array.isArray(result)) return result
  const parts = listOf(result).map((part): Fields | undefined => {
    if (!isFields(part)) return undefined
    if (isPlainText(part)) return part
    const source = part["type"] === "image" && Object.keys(part).length === (part["uri"] === undefined ? 3 : 2)
      ? imageSource(part)
      : undefined
    return source === undefined ? undefined : { type: "image", source }
  })
  return parts.every(Predicate.isNotUndefined) ? parts : result
}

const result = (step: Fields, origin: Origin): ContentBlock => {
  const { call_id, is_error, result, type: _, ...rest } = step
  if (!Predicate.isString(call_id) || result === undefined) return whole(step, origin)
  return {
    type: "tool_result",
    tool_call_id: call_id,
    output: outputOf(result),
    ...(Predicate.isBoolean(is_error) ? { is_error } : {}),
    ...optionsOf("interactions", rest),
    ...origin
  }
}

export const raise = (step: Fields, origin: Origin): ReadonlyArray<ContentBlock> => {
  switch (step["type"]) {
    case "user_input":
    case "model_output": {
      const { content, type: _, ...rest } = step
      const contents = contentsOf(content)
      const more: Fields = Object.keys(rest).length === 0 ? {} : { step: rest }
      return contents.length === 0 && Object.keys(rest).length > 0
        ? [whole(step, origin)]
        : contents.map((each, at) => raiseContent(each, origin, at === 0 ? more : {}))
    }
    case "thought":
      return [thought(step, origin)]
    case "function_call":
      return [call(step, origin)]
    case "function_result":
      return [result(step, origin)]
    default:
      return [whole(step, origin)]
  }
}
