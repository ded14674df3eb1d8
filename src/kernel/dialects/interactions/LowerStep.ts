/** Blocks as steps, for Google or for a client of its dialect. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock, ImageBlock, ModeledBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as Images from "../gemini/Images.ts"
import type { Lowering } from "../gemini/LowerPart.ts"
import * as Signatures from "../gemini/Signatures.ts"
import type { Fields } from "./Steps.ts"
import { isSpoken } from "./Steps.ts"

const signed = (block: ContentBlock, lowering: Lowering): Fields => {
  const signature = Signatures.lower(block, lowering)
  return signature === undefined ? {} : { signature }
}

const image = ({ source, ...block }: Pick<ImageBlock, "provider_options" | "source">): Fields => {
  const { fileData, inlineData } = Images.lower({ type: "image", source })
  const { data, mimeType } = isFields(inlineData) ? inlineData : {}
  if (data !== undefined) return { type: "image", data, mime_type: mimeType!, ...optionsFor("interactions", block) }
  const uri = isFields(fileData) ? fileData["fileUri"]! : ""
  return { type: "image", uri, ...optionsFor("interactions", block) }
}

const textOf = (block: ModeledBlock): string => {
  if (block.type === "thinking") return block.thinking
  const summary = block.type === "reasoning" ? objectsIn(block.summary) : []
  return summary.map(({ text }) => text).filter(Predicate.isString).join("\n\n")
}

const summaryOf = (text: string): Fields => text === "" ? {} : { summary: [{ type: "text", text }] }

/** Of another dialect: a client keeps it sealed, Google can't read it. */
const foreignThought = (block: ModeledBlock, { leftOut, toVendor }: Lowering): ReadonlyArray<Fields> => {
  if (toVendor) {
    leftOut(block, "block")
    return []
  }
  const signature = Signatures.seal(block)
  return [{ type: "thought", ...(signature === undefined ? {} : { signature }), ...summaryOf(textOf(block)) }]
}

const isOwnThought = (block: ContentBlock): boolean =>
  Signatures.isOwnThought(block) ||
  (optionsFor("interactions", block)["thought"] === true && block.producer_dialect == null)

const resultOf = (output: Schema.Json): Schema.Json =>
  Array.isArray(output)
    ? output.map((part: Schema.Json) =>
      isFields(part) && part["type"] === "image" && isFields(part["source"])
        ? image({ source: part["source"] })
        : part
    )
    : isFields(output) || Predicate.isString(output)
    ? output
    : JSON.stringify(output)

const modeled = (block: ModeledBlock, lowering: Lowering): ReadonlyArray<Fields> => {
  const own = optionsFor("interactions", block)
  switch (block.type) {
    case "text":
      return [{ type: "text", text: block.text, ...Struct.omit(own, ["step"]), ...signed(block, lowering) }]
    case "image":
      return [image(block)]
    case "thinking": {
      if (!isOwnThought(block)) return foreignThought(block, lowering)
      const { summary, thought: _, ...rest } = own
      const summarised = summary === undefined ? summaryOf(block.thinking) : { summary }
      return [{ type: "thought", ...signed(block, lowering), ...summarised, ...rest }]
    }
    case "redacted_thinking":
    case "reasoning":
      return foreignThought(block, lowering)
    case "tool_call":
      return [{
        type: "function_call",
        id: block.id,
        name: block.name,
        arguments: block.input,
        ...own,
        ...signed(block, lowering)
      }]
    case "tool_result": {
      const name = own["name"] ?? lowering.nameOf(block.tool_call_id)
      return [{
        type: "function_result",
        call_id: block.tool_call_id,
        ...(name === undefined ? {} : { name }),
        result: resultOf(block.output),
        ...(block.is_error == null ? {} : { is_error: block.is_error }),
        ...own
      }]
    }
  }
}

/** Contents, and steps that are none: what stands in a row of an answer. */
const pieces = (block: ContentBlock, lowering: Lowering): ReadonlyArray<Fields> => {
  if (isModeled(block)) return modeled(block, lowering)
  const own = block.type === "interactions_block" ? block["block"] : undefined
  if (isFields(own)) return [own]
  lowering.leftOut(block, "block")
  return []
}

/** Blocks of who speaks as steps; a step that said more of itself begins anew. */
export const lower = (
  blocks: ReadonlyArray<ContentBlock>,
  type: "user_input" | "model_output",
  lowering: Lowering
): ReadonlyArray<Fields> => {
  const steps: Array<Fields> = []
  let row: Array<Fields> | undefined
  for (const block of blocks) {
    const { step } = optionsFor("interactions", block)
    if (isFields(step)) row = undefined
    for (const piece of pieces(block, lowering)) {
      if (!isSpoken(piece)) {
        row = undefined
        steps.push(piece)
        continue
      }
      if (row === undefined) {
        row = []
        steps.push({ type, content: row, ...(isFields(step) ? step : {}) })
      }
      row.push(piece)
    }
  }
  return steps
}
