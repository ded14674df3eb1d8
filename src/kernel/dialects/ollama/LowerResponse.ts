/** A canonical answer as Ollama gives it. */
import { DateTime, Option, Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as DoneReason from "./DoneReason.ts"
import * as LowerMessage from "./LowerMessage.ts"
import { dialect } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

type Fields = Schema.JsonObject

/** What this dialect said besides, in the places that it is not written to as it is. */
const placed = ["message", "done", "done_reason", "created_at"] as const

const timeOf = (created: unknown): Fields =>
  Predicate.isNumber(created)
    ? Option.match(DateTime.make(created * 1000), {
      onNone: () => ({}),
      onSome: (time) => ({ created_at: DateTime.formatIso(time) })
    })
    : {}

/** What an answer, and each line of one, says of itself. */
export const head = (metadata: Fields | null | undefined, own: Fields = {}): Fields => {
  const { created, model } = metadata ?? {}
  return {
    ...(Predicate.isString(model) ? { model } : {}),
    ...timeOf(created),
    ...Struct.pick(own, ["created_at"].filter((name) => name in own))
  }
}

/** The blocks as the fields of a message. */
export const messageOf = (content: ChatResponse["content"]): Fields => {
  let [text, thinking] = ["", ""]
  const calls: Array<Fields> = []
  for (const block of content) {
    if (!isModeled(block)) continue
    if (block.type === "text") text += block.text
    if (block.type === "thinking") thinking += block.thinking
    if (block.type === "tool_call") calls.push(LowerMessage.call(block))
  }
  return {
    content: text,
    ...(thinking === "" ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls })
  }
}

/** The end of an answer: why it ends, and what it used. */
export const ending = (response: ChatResponse): Fields => {
  const own = optionsFor(dialect, response)
  const { finish_reason, usage } = response
  return {
    ...Struct.omit(own, placed),
    done: own["done"] ?? true,
    ...(finish_reason == null ? {} : { done_reason: DoneReason.lower(finish_reason) }),
    ...Struct.pick(own, ["done_reason"].filter((name) => name in own)),
    ...(usage == null ? {} : WireUsage.lower(usage))
  }
}

export const lower = (response: ChatResponse): Fields => {
  const own = optionsFor(dialect, response)
  const { content, metadata } = response
  const { message } = own
  return {
    ...head(metadata, own),
    message: { role: "assistant", ...messageOf(content), ...(isFields(message) ? message : {}) },
    ...ending(response)
  }
}
