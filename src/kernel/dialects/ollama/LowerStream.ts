/** A canonical answer as the lines of a stream, part by part. */
import type { Schema } from "effect"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer } from "../Dialect.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as OllamaErrors from "./OllamaErrors.ts"
import { dialect } from "./Wire.ts"

const fields: ReadonlyMap<string | undefined, "content" | "thinking"> = new Map([
  ["text", "content"],
  ["thinking", "thinking"]
])

export const make = (): StreamLowerer => {
  let head: Schema.JsonObject = {}
  const kinds = new Map<number, string>()
  /** Blocks of which words are out. */
  const begun = new Set<number>()

  const line = (message: Schema.JsonObject): Uint8Array =>
    OllamaErrors.frame({ ...head, message: { role: "assistant", content: "", ...message }, done: false })

  const add = (part: StreamPart): ReadonlyArray<Uint8Array> => {
    switch (part.type) {
      case "response_start":
        head = LowerResponse.head(part.metadata)
        return []
      case "block_start":
        kinds.set(part.index, part.block)
        return []
      case "block_delta": {
        const field = fields.get(kinds.get(part.index))
        if (field === undefined || (part.text === "" && !begun.has(part.index))) return []
        begun.add(part.index)
        return [line({ [field]: part.text })]
      }
      case "block_end": {
        if (begun.has(part.index)) return []
        const { content, ...rest } = LowerResponse.messageOf([part.block])
        return content === "" && Object.keys(rest).length === 0 ? [] : [line({ content: content!, ...rest })]
      }
      case "error":
        return [OllamaErrors.frame(OllamaErrors.ofStream(part.error, part.failure))]
      case "response": {
        const { response } = part
        const own = optionsFor(dialect, response)
        return [OllamaErrors.frame({
          ...LowerResponse.head(response.metadata, own),
          message: { role: "assistant", content: "", ...Object(own["message"]) },
          ...LowerResponse.ending(response)
        })]
      }
    }
  }
  return { add }
}
