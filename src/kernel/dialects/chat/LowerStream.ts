/** A canonical answer as chat completion chunks, part by part. */
import type { Schema } from "effect"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer, StreamOptions } from "../Dialect.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as WireUsage from "./WireUsage.ts"

const frame = (value: Schema.Json): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

export const make = ({ includeUsage = true }: StreamOptions = {}): StreamLowerer => {
  let head: Schema.JsonObject = { ...LowerResponse.head({}), object: "chat.completion.chunk" }
  const kinds = new Map<number, string>()
  /** The number of a tool call among tool calls. */
  const calls = new Map<number, number>()
  let begun = false

  const chunk = (delta: Schema.JsonObject, finish_reason: string | null = null): Uint8Array => {
    const role = begun ? {} : { role: "assistant" }
    begun = true
    return frame({ ...head, choices: [{ index: 0, delta: { ...role, ...delta }, finish_reason }] })
  }

  const call = (index: number, fields: Schema.JsonObject) => chunk({ tool_calls: [{ index, ...fields }] })

  const add = (part: StreamPart): ReadonlyArray<Uint8Array> => {
    switch (part.type) {
      case "response_start":
        head = { ...LowerResponse.head(part.metadata), object: "chat.completion.chunk" }
        return []
      case "block_start": {
        if (part.block !== "tool_call") {
          kinds.set(part.index, part.block)
          return []
        }
        const index = calls.size
        calls.set(part.index, index)
        const { id = "", name = "" } = part
        return [call(index, { id, type: "function", function: { name, arguments: "" } })]
      }
      case "block_delta": {
        const index = calls.get(part.index)
        return [
          index === undefined
            ? chunk({ [kinds.get(part.index) === "thinking" ? "reasoning_content" : "content"]: part.text })
            : call(index, { function: { arguments: part.text } })
        ]
      }
      case "block_end":
        return []
      case "error":
        return [frame({ error: part.error })]
      case "response": {
        const { usage } = part.response
        return [
          chunk({}, LowerResponse.finishReason(part.response)),
          ...(usage == null || !includeUsage ? [] : [frame({ ...head, choices: [], usage: WireUsage.lower(usage) })])
        ]
      }
    }
  }
  return { add }
}
