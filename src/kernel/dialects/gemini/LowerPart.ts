/** A block as parts of a turn, for Google or for a client of Google's dialect. */
import { Predicate } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock, ModeledBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as CallIds from "./CallIds.ts"
import * as FunctionResponse from "./FunctionResponse.ts"
import * as Images from "./Images.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, isEmpty } from "./ProtoNames.ts"
import * as Signatures from "./Signatures.ts"

export interface Lowering {
  /** Google itself reads the part: what only others can read is left out. */
  readonly toVendor: boolean
  /** The function of a call, by the call's id. */
  readonly nameOf: (id: string) => string | undefined
  /** Learns of each block, or signature, that is left out. */
  readonly leftOut: (block: ContentBlock, what: "block" | "signature") => void
}

const signed = (block: ContentBlock, lowering: Lowering): Fields => {
  const thoughtSignature = Signatures.lower(block, lowering)
  return thoughtSignature === undefined ? {} : { thoughtSignature }
}

const summaryOf = (block: ContentBlock): string => {
  const summary = block.type === "reasoning" ? block["summary"] : undefined
  return (Array.isArray(summary) ? summary : []).map((part: unknown) => fieldsOf(part)["text"])
    .filter(Predicate.isString).join("\n\n")
}

const thought = (block: ModeledBlock, lowering: Lowering): ReadonlyArray<Fields> => {
  if (lowering.toVendor) {
    lowering.leftOut(block, "block")
    return []
  }
  const signature = Signatures.seal(block)
  return [{
    text: block.type === "thinking" ? block.thinking : summaryOf(block),
    thought: true,
    ...(signature === undefined ? {} : { thoughtSignature: signature })
  }]
}

const modeled = (block: ModeledBlock, lowering: Lowering): ReadonlyArray<Fields> => {
  const own = optionsFor("gemini", block)
  switch (block.type) {
    case "text": {
      const more = { ...own, ...signed(block, lowering) }
      return block.text === "" && isEmpty(more) ? [] : [{ text: block.text, ...more }]
    }
    case "thinking":
      return Signatures.isOwnThought(block)
        ? [{ text: block.thinking, thought: true, ...own, ...signed(block, lowering) }]
        : thought(block, lowering)
    case "redacted_thinking":
    case "reasoning":
      return thought(block, lowering)
    case "image":
      return [Images.lower(block)]
    case "tool_call": {
      const { functionCall, ...rest } = own
      const call = { ...CallIds.onWire(block.id), name: block.name, args: block.input, ...fieldsOf(functionCall) }
      return [{ functionCall: call, ...rest, ...signed(block, lowering) }]
    }
    case "tool_result":
      return [FunctionResponse.lower(block, lowering.nameOf(block.tool_call_id))]
  }
}

export const lower = (block: ContentBlock, lowering: Lowering): ReadonlyArray<Fields> => {
  if (isModeled(block)) return modeled(block, lowering)
  const part = block.type === "gemini_block" ? block["block"] : undefined
  if (isFields(part)) return [part]
  lowering.leftOut(block, "block")
  return []
}
