/** Google's proof that its model said something, in `extra_content` of what it is about. */
import type { Schema } from "effect"
import { Struct } from "effect"
import { field, isFields, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"

export const signatureIn = (fields: unknown): string | undefined =>
  textOrNull(field(field(field(fields, "extra_content"), "google"), "thought_signature")) ?? undefined

/**
 * The block, signed: the proof is good before Google alone. That it came in this dialect is remembered, for Google speaks
 * it, too, and gets it back in it.
 */
export const signedBy = (block: ContentBlock, signature: string): ContentBlock => ({
  ...block,
  signature,
  producer_dialect: "gemini",
  ...optionsOf("chat", { ...optionsFor("chat", block), signed: true })
})

/** The block, signed as its fields say. */
export const signed = (block: ContentBlock, fields: unknown): ContentBlock => {
  const signature = signatureIn(fields)
  return signature === undefined ? block : signedBy(block, signature)
}

export const cameInChat = (block: ContentBlock): boolean => optionsFor("chat", block)["signed"] === true

/** What else is in it; undefined where there is nothing. */
export const restOf = (extra: Schema.Json | undefined): Schema.Json | undefined => {
  if (!isFields(extra) || !isFields(extra["google"])) return extra
  const google = Struct.omit(extra["google"], ["thought_signature"])
  const rest = { ...Struct.omit(extra, ["google"]), ...(Object.keys(google).length === 0 ? {} : { google }) }
  return Object.keys(rest).length === 0 ? undefined : rest
}

/** `rest`: what else it held. */
export const extraContent = (
  signature: string | null | undefined,
  rest: Schema.Json | undefined
): Schema.JsonObject => {
  const more = isFields(rest) ? rest : {}
  const google = isFields(more["google"]) ? more["google"] : {}
  if (signature == null) return rest === undefined ? {} : { extra_content: rest }
  return { extra_content: { ...more, google: { ...google, thought_signature: signature } } }
}
