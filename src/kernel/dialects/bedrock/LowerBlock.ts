/** A canonical block in Converse's form. */
import { Option, Predicate, Schema } from "effect"
import { asText, isFields } from "../../../events/types/JsonAccess.ts"
import type { ImageBlock, TextBlock, ToolCallBlock, ToolResultBlock } from "../../messages/ContentBlock.ts"
import { ContentBlock, isModeled } from "../../messages/ContentBlock.ts"
import * as DataUrl from "../../messages/DataUrl.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import { wholeType } from "./RaiseBlock.ts"
import { imageFormats } from "./SentWire.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

const fieldsIn = (value: unknown): Fields => isFields(value) ? value : {}

/** The block as it came, where it came in this dialect. */
export const wholeOf = (block: ContentBlock): Fields | undefined => {
  const whole = !isModeled(block) && block.type === wholeType ? block["block"] : undefined
  return isFields(whole) ? whole : undefined
}

/** Undefined for what is blank, which the vendor refuses. */
export const text = (block: TextBlock): Fields | undefined => {
  const own = optionsFor(dialect, block)
  if (isFields(own["citationsContent"])) return own
  return block.text.trim() === "" ? undefined : { ...own, text: block.text }
}

const formats: ReadonlySet<string> = new Set(imageFormats)

const formatOf = (mediaType: unknown): string | undefined => {
  const format = asText(mediaType).replace(/^image\//, "")
  const named = format === "jpg" ? "jpeg" : format
  return formats.has(named) ? named : undefined
}

/** Undefined for what the wire has no form for: an image by its URL, or of another format. */
export const image = (block: ImageBlock): Fields | undefined => {
  const { image: more, ...own } = optionsFor(dialect, block)
  const held = DataUrl.inSource(block.source)
  const format = formatOf(held?.mediaType)
  if (format === undefined || held === undefined) return undefined
  return { ...own, image: { ...fieldsIn(more), format, source: { bytes: held.data } } }
}

/** `input`: as the model wrote it, for a client. */
export const toolUse = (block: ToolCallBlock, id: string, input: Schema.Json = block.input): Fields => {
  const { input: _, toolUse: more, ...own } = optionsFor(dialect, block)
  return { ...own, toolUse: { ...fieldsIn(more), toolUseId: id, name: block.name, input } }
}

const decodeBlock = Schema.decodeUnknownOption(ContentBlock)

/** A block of a list that a tool gave, as the wire has it; undefined for what is the tool's own JSON. */
const partOf = (value: Schema.Json): ReadonlyArray<Fields> | undefined => {
  const block = Option.getOrUndefined(decodeBlock(value))
  if (block === undefined) return undefined
  const whole = wholeOf(block)
  if (whole !== undefined) return [whole]
  if (!isModeled(block)) return undefined
  if (block.type === "text") {
    const lowered = text(block)
    return lowered === undefined ? [] : [lowered]
  }
  const lowered = block.type === "image" ? image(block) : undefined
  return lowered === undefined ? undefined : [lowered]
}

const contentOf = (output: Schema.Json): ReadonlyArray<Fields> => {
  if (Array.isArray(output)) {
    const parts = output.map(partOf)
    if (parts.every(Predicate.isNotUndefined)) return parts.flat()
  }
  if (isFields(output)) return [{ json: output }]
  const plain = Predicate.isString(output) ? output : JSON.stringify(output)
  return plain.trim() === "" ? [] : [{ text: plain }]
}

export const toolResult = (block: ToolResultBlock, id: string): Fields => {
  const { toolResult: more, ...own } = optionsFor(dialect, block)
  return {
    ...own,
    toolResult: {
      ...fieldsIn(more),
      toolUseId: id,
      content: contentOf(block.output),
      ...(block.is_error == null ? {} : { status: block.is_error ? "error" : "success" })
    }
  }
}

/** A thought of this dialect's own; undefined for one of another. */
export const thought = (block: ContentBlock): Fields | undefined => {
  if (!isModeled(block) || block.producer_dialect !== dialect) return undefined
  if (block.type === "redacted_thinking") return { reasoningContent: { redactedContent: block.data } }
  if (block.type !== "thinking") return undefined
  const { signature, thinking } = block
  return { reasoningContent: { reasoningText: { text: thinking, ...(signature == null ? {} : { signature }) } } }
}

/** What a client may read of a block, whoever it is of; undefined for what has no form here. */
export const answered = (block: ContentBlock): Fields | undefined => {
  if (!isModeled(block)) return wholeOf(block)
  switch (block.type) {
    case "text":
      return isFields(optionsFor(dialect, block)["citationsContent"])
        ? optionsFor(dialect, block)
        : { ...optionsFor(dialect, block), text: block.text }
    case "image":
      return image(block)
    case "tool_call":
      return toolUse(block, block.id, optionsFor(dialect, block)["input"] ?? block.input)
    case "tool_result":
      return toolResult(block, block.tool_call_id)
    case "thinking":
    case "redacted_thinking":
      return thought({ ...block, producer_dialect: dialect })
    default:
      return undefined
  }
}
