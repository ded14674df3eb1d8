/** A block of Converse in the canonical model; one that has no place there is kept whole. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as CachePoints from "./CachePoints.ts"
import { imageFormats } from "./SentWire.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

/** What every block of a message says of where it comes from. */
export interface Origin {
  readonly producer_model?: string
}

export const originOf = (producer: string | undefined): Origin =>
  producer === undefined ? {} : { producer_model: producer }

/** The block's type for one that goes back as it came. */
export const wholeType = "bedrock_block"

const whole = (block: Fields, origin: Origin): ContentBlock => unknownBlock(wholeType, { block, ...origin })

const formats: ReadonlySet<unknown> = new Set(imageFormats)

const image = (block: Fields, origin: Origin): ContentBlock => {
  const { image, ...rest } = block
  const { format, source, ...more } = isFields(image) ? image : {}
  const { bytes, ...place } = isFields(source) ? source : {}
  if (!formats.has(format) || !Predicate.isString(bytes) || Object.keys(place).length > 0) return whole(block, origin)
  return {
    type: "image",
    source: { type: "base64", media_type: `image/${asText(format)}`, data: bytes },
    ...optionsOf(dialect, { ...rest, ...(Object.keys(more).length === 0 ? {} : { image: more }) }),
    ...origin
  }
}

const toolUse = (block: Fields, origin: Origin): ContentBlock => {
  const { toolUse, ...rest } = block
  const { input, name, toolUseId, ...more } = isFields(toolUse) ? toolUse : {}
  if (!Predicate.isString(toolUseId) || !Predicate.isString(name)) return whole(block, origin)
  return {
    type: "tool_call",
    id: toolUseId,
    name,
    input: isFields(input) ? input : {},
    ...optionsOf(dialect, {
      ...rest,
      ...(isFields(input) || input === undefined ? {} : { input }),
      ...(Object.keys(more).length === 0 ? {} : { toolUse: more })
    }),
    ...origin
  }
}

/** Text alone is a text; one object of JSON is what it is; all else is blocks in order. */
const outputOf = (content: ReadonlyArray<Fields>): Schema.Json => {
  const [first] = content
  if (first === undefined) return ""
  const { json, text, ...rest } = first
  const isSole = content.length === 1 && Object.keys(rest).length === 0
  if (isSole && Predicate.isString(text) && json === undefined) return text
  if (isSole && isFields(json) && text === undefined) return json
  return content.map((each): Fields => ({ ...raise(each, {}) }))
}

const statuses: ReadonlyMap<unknown, boolean> = new Map([["success", false], ["error", true]])

const toolResult = (block: Fields, origin: Origin): ContentBlock => {
  const { toolResult, ...rest } = block
  const { content, status, toolUseId, ...more } = isFields(toolResult) ? toolResult : {}
  if (!Predicate.isString(toolUseId) || !(content == null || Array.isArray(content))) return whole(block, origin)
  const is_error = statuses.get(status)
  return {
    type: "tool_result",
    tool_call_id: toolUseId,
    output: outputOf(objectsIn(content)),
    ...(is_error === undefined ? {} : { is_error }),
    ...optionsOf(dialect, {
      ...rest,
      ...(Object.keys(more).length === 0 ? {} : { toolResult: more })
    }),
    ...origin
  }
}

const reasoning = (block: Fields, origin: Origin): ContentBlock => {
  const { reasoningContent } = block
  if (!isFields(reasoningContent) || Object.keys(block).length > 1) return whole(block, origin)
  const { reasoningText, redactedContent, ...rest } = reasoningContent
  if (Object.keys(rest).length > 0) return whole(block, origin)
  if (Predicate.isString(redactedContent) && reasoningText === undefined) {
    return { type: "redacted_thinking", data: redactedContent, producer_dialect: dialect, ...origin }
  }
  const { signature, text, ...more } = isFields(reasoningText) ? reasoningText : {}
  const isSigned = signature === undefined || Predicate.isString(signature)
  if (!Predicate.isString(text) || !isSigned || Object.keys(more).length > 0) return whole(block, origin)
  return {
    type: "thinking",
    thinking: text,
    ...(signature === undefined ? {} : { signature }),
    producer_dialect: dialect,
    ...origin
  }
}

/** Its words are the answer's, whatever they refer to. */
const citations = (block: Fields, origin: Origin): ContentBlock => {
  const content = isFields(block["citationsContent"]) ? objectsIn(block["citationsContent"]["content"]) : []
  const text = content.map(({ text }) => Predicate.isString(text) ? text : "").join("")
  return text === "" ? whole(block, origin) : { type: "text", text, ...optionsOf(dialect, block), ...origin }
}

export const raise = (block: Fields, origin: Origin): ContentBlock => {
  if (Predicate.isString(block["text"])) {
    const { text, ...rest } = block
    return { type: "text", text: asText(text), ...optionsOf(dialect, rest), ...origin }
  }
  const [kind] = Object.keys(block)
  switch (kind) {
    case "image":
      return image(block, origin)
    case "toolUse":
      return toolUse(block, origin)
    case "toolResult":
      return toolResult(block, origin)
    case "reasoningContent":
      return reasoning(block, origin)
    case "citationsContent":
      return citations(block, origin)
    default:
      return whole(block, origin)
  }
}

/** All of a message: a mark of the cache is one of the block before it. */
export const raiseAll = (blocks: ReadonlyArray<Fields>, origin: Origin): ReadonlyArray<ContentBlock> => {
  const raised: Array<ContentBlock> = []
  for (const each of blocks) {
    const [mark, last] = [CachePoints.raise(each), raised.at(-1)]
    if (mark === undefined || last === undefined || last.cache_control != null) raised.push(raise(each, origin))
    else raised[raised.length - 1] = { ...last, cache_control: mark } as ContentBlock
  }
  return raised
}
