/** A canonical answer as a chat completion. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { toolCallsOf } from "../../messages/ChatResponse.ts"
import * as LowerMessage from "./LowerMessage.ts"
import * as WireUsage from "./WireUsage.ts"

/** What a completion and each chunk of it says of itself; what `metadata` does not say is empty. */
export const head = (metadata: Schema.JsonObject): Schema.JsonObject => ({
  id: "",
  created: 0,
  model: "",
  ...Struct.omit(metadata, ["message", "object"])
})

export const finishReason = (response: ChatResponse): string =>
  response.finish_reason ?? (toolCallsOf(response).length > 0 ? "tool_calls" : "stop")

export const lower = (response: ChatResponse): Schema.JsonObject => {
  const metadata = response.metadata ?? {}
  const more = metadata["message"]
  const message = {
    role: "assistant",
    ...LowerMessage.assistantFields(LowerMessage.blocks(response.content)),
    ...(Predicate.isObject(more) ? more as Schema.JsonObject : {})
  }
  return {
    ...head(metadata),
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: finishReason(response) }],
    ...(response.usage == null ? {} : { usage: WireUsage.lower(response.usage) })
  }
}
