/** Thought signatures: Google's own go back as they came, those of others travel in an envelope, and never reach Google. */
import { Option, Predicate, Result, Schema } from "effect"
import { asText } from "../../../events/types/JsonAccess.ts"
import { ContentBlock } from "../../messages/ContentBlock.ts"
import * as OpaqueState from "../../messages/OpaqueState.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { Fields } from "./ProtoNames.ts"

/**
 * From Gemini 3 on, the first function call of a model's turn has to be signed. Of one that another model made, or that
 * lost its signature, Google documents this text in its place: https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export const unsigned = "skip_thought_signature_validator"

/** Signatures are bytes, in base64. */
const base64 = /^[A-Za-z0-9+/_-]+=*$/

/** The first generation that refuses calls without one. */
export const firstStrict = 3

const isForeign = ({ producer_dialect }: ContentBlock): boolean =>
  producer_dialect != null && producer_dialect !== "gemini"

/** Whether Google may have made the signature of a block: of text and of calls it is the only one that makes any. */
export const isOwn = (signature: string, block: ContentBlock): boolean => base64.test(signature) && !isForeign(block)

/** True for a thought that came over this wire. */
export const isOwnThought = (block: ContentBlock): boolean =>
  block.producer_dialect === "gemini" || (optionsFor("gemini", block)["thought"] === true && !isForeign(block))

/** The fields of a signed block; a signature of another dialect comes out of its envelope. */
export const raise = (signature: string): { readonly signature: string; readonly producer_dialect: string } => {
  const state = OpaqueState.open(signature)
  const sealed = state?.fields["signature"]
  return state !== undefined && Predicate.isString(sealed)
    ? { signature: sealed, producer_dialect: state.dialect }
    : { signature, producer_dialect: "gemini" }
}

/** Of a block of text or of a call, for a client. */
export const forClient = (signature: string, block: ContentBlock): string =>
  isForeign(block) && !OpaqueState.isSealed(signature)
    ? OpaqueState.seal({ dialect: asText(block.producer_dialect), fields: { signature } })
    : signature

/**
 * The signature of a block of text or of a call as it goes out; undefined: it has none. `toVendor`: Google itself reads it,
 * and `leftOut` learns where it is another vendor's.
 */
export const lower = (
  block: ContentBlock & { readonly signature?: string | null },
  { leftOut, toVendor }: {
    readonly toVendor: boolean
    readonly leftOut: (block: ContentBlock, what: "signature") => void
  }
): string | undefined => {
  const { signature } = block
  if (signature == null || signature === "") return undefined
  if (!toVendor) return forClient(signature, block)
  if (isOwn(signature, block)) return signature
  const state = OpaqueState.open(signature)
  const own = state?.dialect === "gemini" ? state.fields["signature"] : undefined
  if (Predicate.isString(own)) return own
  leftOut(block, "signature")
  return undefined
}

/** Who could read a block's opaque state, where it does not say so itself. */
const dialectOf = (block: ContentBlock): string => {
  const dialect = block.producer_dialect ?? Object.keys(block.provider_options ?? {})[0]
  if (dialect !== undefined) return dialect
  return block.type === "reasoning" || (block.type === "thinking" && block["content"] != null)
    ? "responses"
    : "anthropic"
}

/** Whether a dialect has more to remember of a thought than its words. */
const isRemembered = ({ provider_options }: ContentBlock): boolean =>
  Object.keys(provider_options ?? {}).some((dialect) => dialect !== "gemini")

/** What of a thought only its vendor reads, in one text; undefined: nothing. */
export const seal = (block: ContentBlock): string | undefined => {
  const { producer_model, thinking: _, ...fields } = block as ContentBlock & { readonly thinking?: Schema.Json }
  const signature = fields["signature"]
  if (Predicate.isString(signature) && OpaqueState.isSealed(signature)) return signature
  if (block.type === "thinking" && signature == null && fields["content"] == null && !isRemembered(block)) {
    return undefined
  }
  return OpaqueState.seal({
    dialect: dialectOf(block),
    ...(producer_model == null ? {} : { producer_model }),
    fields: fields as unknown as Fields
  })
}

const decodeBlock = Schema.decodeUnknownResult(ContentBlock)

/** The block that was sealed, with the words that stand beside it; undefined where the text is no envelope. */
export const open = (signature: string, thinking: string): ContentBlock | undefined => {
  const state = OpaqueState.open(signature)
  if (state === undefined) return undefined
  const { fields, producer_model } = state
  const block = {
    ...fields,
    ...(fields["type"] === "thinking" ? { thinking } : {}),
    ...(producer_model == null ? {} : { producer_model })
  }
  return Option.getOrUndefined(Result.getSuccess(decodeBlock(block)))
}
