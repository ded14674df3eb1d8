/** A canonical block in Anthropic's dialect, for its vendors or for its clients. */
import { Option, Predicate, Schema } from "effect"
import { field, isFields } from "../../../events/types/JsonAccess.ts"
import type { ImageBlock, ToolCallBlock, ToolResultBlock } from "../../messages/ContentBlock.ts"
import { ContentBlock, isModeled } from "../../messages/ContentBlock.ts"
import * as DataUrl from "../../messages/DataUrl.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as LoweringReport from "../LoweringReport.ts"
import { wholeType } from "./RaiseBlock.ts"
import * as SealedBlock from "./SealedBlock.ts"
import { imageTypes } from "./SentWire.ts"
import { dialect, given } from "./WireFields.ts"

/** The block as it came, where it came in this dialect. */
export const wholeOf = (block: ContentBlock): Schema.JsonObject | undefined => {
  const whole = !isModeled(block) && block.type === wholeType ? block["block"] : undefined
  return isFields(whole) && Predicate.isString(whole["type"]) ? whole : undefined
}

/** The mark of a cache, and what the dialect said besides: never a field that has its own place. */
const besides = (block: ContentBlock, fields: Schema.JsonObject): Schema.JsonObject => ({
  ...optionsFor(dialect, block),
  ...given("cache_control", block.cache_control),
  ...fields
})

const mediaTypes: ReadonlySet<string> = new Set(imageTypes)

/** Undefined for what the wire has no form for. */
export const image = (block: ImageBlock): Schema.JsonObject | undefined => {
  const { type, url } = block.source
  if (type === "url" && Predicate.isString(url) && !DataUrl.isDataUrl(url)) {
    return besides(block, { type: "image", source: { type, url } })
  }
  const held = type === "base64" || type === "url" ? DataUrl.inSource(block.source) : undefined
  const named = held?.mediaType === "image/jpg" ? "image/jpeg" : held?.mediaType
  if (held === undefined || named === undefined || !mediaTypes.has(named)) return undefined
  return besides(block, { type: "image", source: { type: "base64", media_type: named, data: held.data } })
}

export const text = (block: ContentBlock, text: string): Schema.JsonObject => besides(block, { type: "text", text })

const call = (block: ToolCallBlock, id: string, input: Schema.Json): Schema.JsonObject =>
  besides(block, { type: "tool_use", id, name: block.name, input })

/** For a vendor, which takes nothing but an object. */
export const toolUse = (block: ToolCallBlock, id: string): Schema.JsonObject => call(block, id, block.input)

const decodeBlock = Schema.decodeUnknownOption(ContentBlock)

/** A block of a list that a tool gave; undefined for what is the tool's own JSON. */
const blockOf = (value: Schema.Json): ContentBlock | undefined => {
  const block = Option.getOrUndefined(decodeBlock(value))
  if (block === undefined) return undefined
  return wholeOf(block) !== undefined || block.type === "text" || block.type === "image" ? block : undefined
}

const ofResult = (block: ContentBlock, report: LoweringReport.LoweringReport): ReadonlyArray<Schema.JsonObject> => {
  const whole = wholeOf(block)
  if (whole !== undefined) return [whole]
  if (!isModeled(block)) return []
  if (block.type === "text") return block.text === "" ? [] : [text(block, block.text)]
  const lowered = block.type === "image" ? image(block) : undefined
  if (lowered !== undefined) return [lowered]
  report.degrade({
    requested: "an image that a tool gave",
    actual: "without it",
    reason: "Anthropic takes no such image"
  })
  return []
}

/** Text, blocks in order, or any other JSON as its text; undefined where there is nothing to say. */
const outputOf = (output: Schema.Json, report: LoweringReport.LoweringReport): Schema.Json | undefined => {
  if (Array.isArray(output)) {
    const blocks = output.map(blockOf).filter(Predicate.isNotUndefined)
    if (blocks.length === output.length) return blocks.flatMap((block) => ofResult(block, report))
  }
  const plain = Predicate.isString(output) ? output : JSON.stringify(output)
  return plain === "" ? undefined : plain
}

export const toolResult = (
  block: ToolResultBlock,
  id: string,
  report: LoweringReport.LoweringReport
): Schema.JsonObject =>
  besides(block, {
    type: "tool_result",
    tool_use_id: id,
    ...given("content", outputOf(block.output, report)),
    ...given("is_error", block.is_error)
  })

/** A thought of this dialect's own; undefined for one of another. */
export const thought = (block: ContentBlock): Schema.JsonObject | undefined => {
  if (!isModeled(block)) return undefined
  const { unsigned, ...options } = optionsFor(dialect, block)
  switch (block.type) {
    case "redacted_thinking":
      return SealedBlock.isForeign(block) ? undefined : { ...options, type: block.type, data: block.data }
    case "thinking": {
      const { signature, thinking, type } = block
      if (SealedBlock.isForeign(block) || (signature == null && unsigned !== true)) return undefined
      return { ...options, type, thinking, ...given("signature", signature) }
    }
    default:
      return undefined
  }
}

/** What a client may be told of a thought that it can't read: the words, and the rest in an envelope. */
const sealed = (block: ContentBlock): Schema.JsonObject | undefined => {
  if (!isModeled(block)) return undefined
  switch (block.type) {
    case "thinking":
      return { type: "thinking", thinking: block.thinking, signature: SealedBlock.seal(block) }
    case "redacted_thinking":
      return { type: "redacted_thinking", data: SealedBlock.seal(block) }
    case "reasoning": {
      const words = block.summary.map((each) => field(each, "text")).filter(Predicate.isString)
      return { type: "thinking", thinking: words.join("\n\n"), signature: SealedBlock.seal(block) }
    }
    default:
      return undefined
  }
}

const ofClient = (block: ContentBlock): Schema.JsonObject | undefined => {
  if (!isModeled(block)) return wholeOf(block)
  switch (block.type) {
    case "text":
      return text(block, block.text)
    case "image":
      return image(block)
    case "tool_call":
      return call(block, block.id, optionsFor(dialect, block)["input"] ?? block.input)
    case "tool_result":
      return toolResult(block, block.tool_call_id, LoweringReport.make(dialect))
    default:
      return thought(block) ?? sealed(block)
  }
}

/** For a client: nothing for what has no form on this wire; a signature that has no place in its block stands behind it. */
export const answer = (block: ContentBlock): ReadonlyArray<Schema.JsonObject> => {
  const lowered = ofClient(block)
  if (lowered === undefined) return []
  // A mark of the cache is a wish of who asks.
  const { cache_control: _, ...answered } = lowered
  const words = isModeled(block) ? answered : lowered
  const signature = SealedBlock.sealSignature(block)
  return signature === undefined ? [words] : [words, { type: "redacted_thinking", data: signature }]
}
