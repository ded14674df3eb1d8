/** A reasoning item as a thinking block; or what another vendor's model left in one that Strata wrote. */
import { Option, Predicate, Result, Schema } from "effect"
import { field, textOrNull } from "../../../events/types/JsonAccess.ts"
import { ContentBlock } from "../../messages/ContentBlock.ts"
import * as OpaqueState from "../../messages/OpaqueState.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import type { Origin } from "../chat/RaiseMessage.ts"
import { meaningful } from "./RaisePart.ts"

/** Stands between the parts of a summary in the text of the thought. */
export const partGap = "\n\n"

const textsOf = (parts: unknown): ReadonlyArray<string> =>
  Array.isArray(parts)
    ? parts.map((each: unknown) => textOrNull(field(each, "text"))).filter(Predicate.isNotNull)
    : []

/** The summary that a thought has where nothing else is remembered. */
export const plainSummary = (thinking: string, content: unknown): ReadonlyArray<Schema.JsonObject> =>
  thinking === "" || content != null ? [] : [{ type: "summary_text", text: thinking }]

/** A thought without a summary is what of the reasoning itself is given. */
export const thinkingOf = ({ content, summary }: Schema.JsonObject): string => {
  const summaries = textsOf(summary)
  return (summaries.length > 0 ? summaries : textsOf(content)).join(partGap)
}

const thought = (item: Schema.JsonObject, origin: Origin): ContentBlock => {
  const { encrypted_content, id, summary, type: _, ...rest } = item
  const thinking = thinkingOf(item)
  const [encrypted, name] = [textOrNull(encrypted_content), textOrNull(id)]
  const more = meaningful(rest)
  const isPlain = JSON.stringify(summary ?? []) === JSON.stringify(plainSummary(thinking, more["content"]))
  return {
    type: "thinking",
    thinking,
    ...(encrypted === null && name === null ? {} : { content: [encrypted, name], producer_dialect: "responses" }),
    ...origin,
    ...optionsOf("responses", { ...more, ...(isPlain ? {} : { summary: summary! }) })
  }
}

const decodeBlock = Schema.decodeUnknownResult(ContentBlock)

/** A block; or fields that the block before has besides. */
export type Raised = { readonly block: ContentBlock } | { readonly previous: Schema.JsonObject }

export const raise = (item: Schema.JsonObject, origin: Origin): Raised => {
  const state = OpaqueState.open(textOrNull(item["encrypted_content"]) ?? "")
  if (state === undefined) return { block: thought(item, origin) }
  const previous = state.fields["previous"]
  const [signature, dialect] = [
    textOrNull(field(previous, "signature")),
    textOrNull(field(previous, "producer_dialect"))
  ]
  if (signature !== null) return { previous: { signature, ...(dialect === null ? {} : { producer_dialect: dialect }) } }
  const block = Option.getOrUndefined(Result.getSuccess(decodeBlock(state.fields)))
  return { block: block ?? { type: "thinking", thinking: thinkingOf(item), ...origin } }
}
