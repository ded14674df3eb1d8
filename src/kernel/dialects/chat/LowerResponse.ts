/** A canonical answer as a chat completion. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { asText, isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { toolCallsOf } from "../../messages/ChatResponse.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as FinishReason from "./FinishReason.ts"
import type { Lowered } from "./LowerMessage.ts"
import * as LowerMessage from "./LowerMessage.ts"
import * as ThinkingBlocks from "./ThinkingBlocks.ts"
import * as WireUsage from "./WireUsage.ts"

/** What a completion and each chunk of it says of itself; what `metadata` does not say is empty. */
export const head = (metadata: Schema.JsonObject): Schema.JsonObject => ({ id: "", created: 0, model: "", ...metadata })

export const finishReason = (response: ChatResponse): string => {
  const own = optionsFor("chat", response)["finish_reason"]
  return Predicate.isString(own) ? own : FinishReason.lower(response.finish_reason, toolCallsOf(response).length > 0)
}

const ofChoice = ["message", "choice", "finish_reason"] as const

/** What the vendor said beside the choice, where it is of this dialect. */
export const rest = (response: ChatResponse): Schema.JsonObject => Struct.omit(optionsFor("chat", response), ofChoice)

const isText = ({ type }: Schema.JsonObject): boolean => type === "text"

/** Clients read text: of several it is one, and images stand beside it, as OpenRouter has them. */
const contentOf = (lowered: Lowered): Schema.JsonObject => {
  const [texts, others] = [lowered.parts.filter(isText), lowered.parts.filter((part) => !isText(part))]
  const content = texts.length === 0
    ? LowerMessage.contentOf({ ...lowered, parts: [] })
    : texts.map(({ text }) => asText(text)).join("")
  return { content, ...(others.length === 0 ? {} : { images: others }) }
}

/** How likely the tokens of its text were, where another vendor says it. */
const likelihoods = ({ content }: ChatResponse): Schema.JsonObject => {
  const logprobs = content.flatMap((block) => isModeled(block) && block.type === "text" ? block.logprobs ?? [] : [])
  return logprobs.length === 0 ? {} : { logprobs: likely(logprobs) }
}

export const likely = (content: ReadonlyArray<Schema.Json>): Schema.JsonObject => ({ content, refusal: null })

export const lower = (response: ChatResponse): Schema.JsonObject => {
  const { choice, message: own } = optionsFor("chat", response)
  const lowered = LowerMessage.blocks(response.content)
  const message = {
    role: "assistant",
    ...contentOf(lowered),
    ...LowerMessage.besides(lowered, lowered.signed.signature),
    ...ThinkingBlocks.answered(lowered.thoughts),
    ...(isFields(own) ? own : {})
  }
  return {
    ...head(response.metadata ?? {}),
    ...rest(response),
    object: "chat.completion",
    choices: [{
      index: 0,
      ...likelihoods(response),
      ...(isFields(choice) ? choice : {}),
      message,
      finish_reason: finishReason(response)
    }],
    ...(response.usage == null ? {} : { usage: WireUsage.lower(response.usage) })
  }
}
