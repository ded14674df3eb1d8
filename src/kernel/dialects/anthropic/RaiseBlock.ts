/** A block of Anthropic's dialect in the canonical model; one that has no place there is kept whole. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as SealedBlock from "./SealedBlock.ts"
import { dialect, given } from "./WireFields.ts"

/** What every block of a message says of where it comes from. */
export interface Origin {
  readonly producer_model?: string
}

/** The block's type for one that goes back as it came. */
export const wholeType = "anthropic_block"

const whole = (block: Schema.JsonObject, origin: Origin): ContentBlock => unknownBlock(wholeType, { block, ...origin })

/** The mark of a cache, and what else the dialect says of a block. */
const besides = (block: Schema.JsonObject, names: ReadonlyArray<string>, more: Schema.JsonObject = {}) => {
  const mark = block["cache_control"]
  const taken = isFields(mark) ? [...names, "type", "cache_control"] : [...names, "type"]
  // Null says nothing: streams leave it out.
  const rest = Object.entries(Struct.omit(block, taken)).filter(([, value]) => value !== null)
  return {
    ...(isFields(mark) ? { cache_control: mark } : {}),
    ...optionsOf(dialect, { ...Object.fromEntries(rest), ...more })
  }
}

const image = (block: Schema.JsonObject, origin: Origin): ContentBlock => {
  const { source } = block
  const isCanonical = isFields(source) &&
    ((source["type"] === "url" && Predicate.isString(source["url"])) ||
      (source["type"] === "base64" && Predicate.isString(source["media_type"]) && Predicate.isString(source["data"])))
  return isCanonical ? { type: "image", source, ...besides(block, ["source"]), ...origin } : whole(block, origin)
}

const thinking = (block: Schema.JsonObject, origin: Origin): ContentBlock => {
  const { signature, thinking } = block
  if (!Predicate.isString(thinking)) return whole(block, origin)
  if (!Predicate.isString(signature) || signature === "") {
    // Of a vendor that signs nothing: it goes back as it came, without a signature or with an empty one.
    const options = besides(block, ["thinking"], { unsigned: true })
    return { type: "thinking", thinking, ...options, ...origin }
  }
  return SealedBlock.open(signature, thinking) ??
    {
      type: "thinking",
      thinking,
      signature,
      producer_dialect: dialect,
      ...besides(block, ["thinking", "signature"]),
      ...origin
    }
}

const toolUse = (block: Schema.JsonObject, origin: Origin): ContentBlock => {
  const { id, input, name } = block
  if (!Predicate.isString(id) || !Predicate.isString(name)) return whole(block, origin)
  const more = isFields(input) || input === undefined ? {} : { input }
  return {
    type: "tool_call",
    id,
    name,
    input: isFields(input) ? input : {},
    ...besides(block, ["id", "name", "input"], more),
    ...origin
  }
}

const toolResult = (block: Schema.JsonObject, origin: Origin): ContentBlock => {
  const { content, is_error, tool_use_id } = block
  const isList = Array.isArray(content) && content.every(isFields)
  if (!Predicate.isString(tool_use_id) || !(content == null || Predicate.isString(content) || isList)) {
    return whole(block, origin)
  }
  return {
    type: "tool_result",
    tool_call_id: tool_use_id,
    output: isList ? content.map((each) => ({ ...raise(each, origin) })) : content ?? "",
    ...(Predicate.isBoolean(is_error) ? { is_error } : {}),
    ...besides(block, ["tool_use_id", "content", ...(Predicate.isBoolean(is_error) ? ["is_error"] : [])]),
    ...origin
  }
}

export const raise = (block: Schema.JsonObject, origin: Origin): ContentBlock => {
  switch (block["type"]) {
    case "text": {
      const { text } = block
      if (!Predicate.isString(text)) return whole(block, origin)
      return { type: "text", text, ...besides(block, ["text"]), ...origin }
    }
    case "image":
      return image(block, origin)
    case "thinking":
      return thinking(block, origin)
    case "redacted_thinking": {
      const { data } = block
      if (!Predicate.isString(data)) return whole(block, origin)
      return SealedBlock.open(data) ??
        {
          type: "redacted_thinking",
          data,
          producer_dialect: dialect,
          ...besides(block, ["data"]),
          ...given("producer_model", origin.producer_model)
        }
    }
    case "tool_use":
      return toolUse(block, origin)
    case "tool_result":
      return toolResult(block, origin)
    default:
      return whole(block, origin)
  }
}

/** All of a message: signatures that travelled behind their block are put back to it. */
export const raiseAll = (blocks: ReadonlyArray<Schema.JsonObject>, origin: Origin): ReadonlyArray<ContentBlock> => {
  const raised: Array<ContentBlock> = []
  for (const each of blocks) {
    const last = raised.at(-1)
    const signed = each["type"] === "redacted_thinking" && last !== undefined
      ? SealedBlock.signed(last, each["data"])
      : undefined
    if (signed === undefined) raised.push(raise(each, origin))
    else raised[raised.length - 1] = signed
  }
  return raised
}
