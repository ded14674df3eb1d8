/** A canonical answer as a message of Anthropic's dialect. */
import { Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { toolCallsOf } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { Usage } from "../../messages/Usage.ts"
import * as LowerBlock from "./LowerBlock.ts"
import * as StopReason from "./StopReason.ts"
import { dialect } from "./WireFields.ts"
import * as WireUsage from "./WireUsage.ts"

/** An answer that was not counted: clients read numbers. */
const uncounted: Usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }

/** What a message says of itself; what `metadata` does not say is empty. */
export const head = (metadata: Schema.JsonObject): Schema.JsonObject => ({
  id: metadata["id"] ?? "",
  type: "message",
  role: "assistant",
  model: metadata["model"] ?? ""
})

export const usage = (counted: Usage | null | undefined, others?: Schema.Json): Schema.JsonObject =>
  WireUsage.lower(counted ?? uncounted, isFields(others) ? others : {})

/** Why and how it ends: the vendor's own word, where it is known. */
export const ending = (response: ChatResponse): Schema.JsonObject => {
  const { stop_reason, usage: _, ...options } = optionsFor(dialect, response)
  const finish = response.finish_reason ?? (toolCallsOf(response).length > 0 ? "tool_calls" : "stop")
  return { stop_sequence: null, ...options, stop_reason: stop_reason ?? StopReason.lower(finish) }
}

export const lower = (response: ChatResponse): Schema.JsonObject => ({
  ...head(response.metadata ?? {}),
  content: response.content.flatMap(LowerBlock.answer),
  ...Struct.omit(ending(response), ["id", "type", "role", "model", "content"]),
  usage: usage(response.usage, optionsFor(dialect, response)["usage"])
})
