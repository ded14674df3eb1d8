/**
 * Thoughts and signatures of other dialects on their way over a client of this one: in the signature of a thinking block,
 * or, where the block has none, in a redacted thought behind it.
 */
import { Option, Predicate, Result, Schema, Struct } from "effect"
import { asText } from "../../../events/types/JsonAccess.ts"
import { ContentBlock, isModeled } from "../../messages/ContentBlock.ts"
import * as OpaqueState from "../../messages/OpaqueState.ts"
import { dialect, given } from "./WireFields.ts"

type Thought = Extract<ContentBlock, { readonly type: "thinking" | "redacted_thinking" | "reasoning" }>

const decode = Schema.decodeUnknownResult(ContentBlock)

const types: ReadonlySet<string> = new Set(["thinking", "redacted_thinking", "reasoning"])

/** The dialect that said it: by its own word, or as far as its options tell. */
export const dialectOf = (
  { producer_dialect, provider_options }: Pick<ContentBlock, "producer_dialect" | "provider_options">
): string | undefined => {
  if (producer_dialect != null) return producer_dialect
  const names = Object.keys(provider_options ?? {})
  return names.includes(dialect) ? dialect : names[0]
}

/** Whether this dialect's vendors can read it: it says nothing that is another's. */
export const isForeign = (block: Thought): boolean => {
  if (block.type === "reasoning") return true
  const own = dialectOf(block)
  if (own !== undefined) return own !== dialect
  const text = block.type === "thinking" ? block.signature : block.data
  return text == null || OpaqueState.isSealed(text) || (block.type === "thinking" && block.content != null)
}

/** Null is kept: it says that nothing is said. */
const producerOf = (producer_model: string | null | undefined) => producer_model === undefined ? {} : { producer_model }

/** All of the block but the words that stand beside the envelope. */
export const seal = (block: Thought): string => {
  const { producer_model, ...fields } = block
  return OpaqueState.seal({
    dialect: dialectOf(block) ?? "unknown",
    ...producerOf(producer_model),
    fields: fields.type === "thinking" ? { ...Struct.omit(fields, ["thinking"]) } : { ...fields }
  })
}

/** The block that was sealed; undefined for a vendor's own text. */
export const open = (text: string, thinking?: string): ContentBlock | undefined => {
  const state = OpaqueState.open(text)
  if (state === undefined || !types.has(asText(state.fields["type"]))) return undefined
  return Option.getOrUndefined(Result.getSuccess(decode({
    ...state.fields,
    ...(state.fields["type"] === "thinking" ? { thinking: thinking ?? "" } : {}),
    ...producerOf(state.producer_model)
  })))
}

const carrier = "signature"

/** Of text and of tool calls: this dialect has no place for it in the block. */
export const sealSignature = (block: ContentBlock): string | undefined => {
  if (!isModeled(block) || (block.type !== "text" && block.type !== "tool_call") || block.signature == null) {
    return undefined
  }
  const { producer_dialect, producer_model, provider_options, signature, type } = block
  return OpaqueState.seal({
    dialect: dialectOf(block) ?? "unknown",
    ...producerOf(producer_model),
    fields: {
      type: carrier,
      of: type,
      signature,
      ...given("producer_dialect", producer_dialect),
      ...given("provider_options", provider_options)
    }
  })
}

/** The block with the signature that stood behind it; undefined where `data` is something else. */
export const signed = (block: ContentBlock, data: unknown): ContentBlock | undefined => {
  const state = Predicate.isString(data) ? OpaqueState.open(data) : undefined
  if (state === undefined || state.fields["type"] !== carrier || state.fields["of"] !== block.type) return undefined
  const provider_options = { ...Object(state.fields["provider_options"]), ...block.provider_options }
  return Option.getOrUndefined(Result.getSuccess(decode({
    ...block,
    signature: state.fields["signature"],
    ...given("producer_dialect", state.fields["producer_dialect"]),
    ...producerOf(state.producer_model),
    ...(Object.keys(provider_options).length === 0 ? {} : { provider_options })
  })))
}
