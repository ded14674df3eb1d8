/** Thinking blocks as reasoning items. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import type { ContentBlock, ReasoningBlock, RedactedThinkingBlock, ThinkingBlock } from "../../messages/ContentBlock.ts"
import * as OpaqueState from "../../messages/OpaqueState.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import { plainSummary } from "./RaiseReasoning.ts"

export type Thought = ThinkingBlock | RedactedThinkingBlock | ReasoningBlock

/** Encrypted content and id of a thought, where they are this dialect's. */
const stateOf = (block: Thought): readonly [encrypted: string | null, id: string | null] => {
  const isOwn = block.producer_dialect == null || block.producer_dialect === "responses"
  const [encrypted, id] = block.type === "thinking" && isOwn ? block.content ?? [] : []
  return [
    Predicate.isString(encrypted) && !OpaqueState.isSealed(encrypted) ? encrypted : null,
    Predicate.isString(id) ? id : null
  ]
}

/** The item as it came; one that Strata writes is named by who asks. */
const item = (block: ThinkingBlock, name?: string): Schema.JsonObject => {
  const [encrypted, own] = stateOf(block)
  const { summary, ...more } = optionsFor("responses", block)
  const id = own ?? name
  return {
    type: "reasoning",
    ...(id === undefined ? {} : { id }),
    summary: summary ?? plainSummary(block.thinking, more["content"]),
    ...more,
    ...(encrypted === null ? {} : { encrypted_content: encrypted })
  }
}

/**
 * To a vendor goes back what it can read: encrypted reasoning, reasoning in plain words, and where it keeps what it
 * answers also its mere name. Undefined for any other thought.
 */
export const sent = (block: Thought, isStored: boolean): Schema.JsonObject | undefined => {
  if (block.type !== "thinking") return undefined
  const [encrypted, id] = stateOf(block)
  const isReadable = encrypted !== null || optionsFor("responses", block)["content"] !== undefined
  return isReadable || (isStored && id !== null) ? item(block) : undefined
}

const sealed = (block: ContentBlock, fields: Schema.JsonObject): string =>
  OpaqueState.seal({
    dialect: block.producer_dialect ?? Object.keys(block.provider_options ?? {})[0] ?? "canonical",
    producer_model: block.producer_model ?? null,
    fields
  })

/** What a client has no field for comes back to Strata in an envelope. */
const isForeign = (block: ThinkingBlock): boolean =>
  block.signature != null || (block.producer_dialect ?? "responses") !== "responses" ||
  Object.keys(block.provider_options ?? {}).some((dialect) => dialect !== "responses") ||
  (block.content != null && stateOf(block).every(Predicate.isNull))

/**
 * To a client: any thought, whoever's it is. `name` is for an item that has no id; `begun`: the item is out already by
 * this name, and encrypted content is good for its own id alone.
 */
export const answered = (block: Thought, name: string, begun = false): Schema.JsonObject => {
  const own = stateOf(block)[1]
  if (block.type === "thinking" && !isForeign(block) && !(begun && own !== null && own !== name)) {
    return item(block, name)
  }
  const summary = block.type === "thinking" ? plainSummary(block.thinking, null) : []
  return { type: "reasoning", id: name, summary, encrypted_content: sealed(block, block as Schema.JsonObject) }
}

/** Behind a block with a signature, which this dialect has no field for. */
export const signatureOf = (block: ContentBlock, name: string): Schema.JsonObject | undefined => {
  const signature = block.type === "text" || block.type === "tool_call" ? block["signature"] : undefined
  if (!Predicate.isString(signature)) return undefined
  return {
    type: "reasoning",
    id: name,
    summary: [],
    encrypted_content: sealed(block, {
      previous: { signature, ...(block.producer_dialect == null ? {} : { producer_dialect: block.producer_dialect }) }
    })
  }
}
