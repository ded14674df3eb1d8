/**
 * What a block has besides its words (signatures, encrypted reasoning, a vendor's own fields): `effect/ai` carries it under
 * `strata` in a part's metadata, and gives it back in a prompt part's options.
 */
import { Result, Schema, Struct } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import { ContentBlock } from "../../../kernel/messages/ContentBlock.ts"

export type Metadata = Readonly<Record<string, Schema.Json>>

const name = "strata"

/** What a part says itself. */
const words: ReadonlyArray<string> = ["text", "thinking", "id", "name", "input"]

/** Nothing where a block has no more than its words. */
export const of = (block: ContentBlock): { readonly metadata?: Metadata } => {
  const state = Struct.omit(block as Schema.JsonObject, words)
  return Object.keys(state).length <= 1 ? {} : { metadata: { [name]: state } }
}

const decode = Schema.decodeUnknownResult(ContentBlock)

/** The block with what is known of it; what does not fit it, or is of another type of `types`, is left out. */
export const restored = (
  options: Metadata,
  block: ContentBlock,
  types: ReadonlyArray<string> = [block.type]
): ContentBlock => {
  const state = options[name]
  if (!isFields(state)) return block
  const type = typeof state["type"] === "string" && types.includes(state["type"]) ? state["type"] : block.type
  return Result.getOrElse(decode({ ...state, ...block, type }), () => block)
}
