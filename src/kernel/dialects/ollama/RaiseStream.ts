/** A stream of Ollama's in the canonical model: part by part, and all of it at its end. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn, parse } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as OllamaErrors from "./OllamaErrors.ts"
import type { Origin } from "./RaiseMessage.ts"
import * as RaiseMessage from "./RaiseMessage.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import { StreamedAnswer } from "./StreamedAnswer.ts"

type Parts = ReadonlyArray<StreamPart>
type Kind = "thinking" | "text"

const fieldOf: ReadonlyArray<readonly [field: string, kind: Kind]> = [["thinking", "thinking"], ["content", "text"]]

const blockOf = { text: RaiseMessage.text, thinking: RaiseMessage.thinking }

/** Numbers the blocks of an answer, and says when each begins, grows and ends. */
class Blocks {
  readonly whole: Array<ContentBlock> = []
  readonly #origin: Origin
  #open: { readonly kind: Kind; text: string } | undefined
  #calls = 0

  constructor(producer: string | undefined) {
    this.#origin = RaiseMessage.originOf(producer)
  }

  add(message: Schema.JsonObject, place: string): Parts {
    const words = fieldOf.flatMap(([field, kind]) => {
      const text = message[field]
      return Predicate.isString(text) && (text !== "" || this.#open?.kind === kind) ? this.#grow(kind, text) : []
    })
    const others = [
      ...RaiseMessage.imagesOf(message["images"]),
      ...objectsIn(message["tool_calls"]).map((each) => RaiseMessage.call(each, place, this.#calls++, this.#origin))
    ]
    return [...words, ...others.flatMap((block) => [...this.close(), ...this.#complete(block)])]
  }

  #grow(kind: Kind, text: string): Parts {
    const parts: Array<StreamPart> = []
    if (this.#open?.kind !== kind) {
      parts.push(...this.close(), { type: "block_start", index: this.whole.length, block: kind })
      this.#open = { kind, text: "" }
    }
    this.#open!.text += text
    return [...parts, { type: "block_delta", index: this.whole.length, text }]
  }

  #complete(block: ContentBlock): Parts {
    const index = this.whole.push(block) - 1
    const { id, input, name, type } = block as unknown as Schema.JsonObject
    const end = { type: "block_end", index, block } as const
    if (type !== "tool_call") return [{ type: "block_start", index, block: block.type }, end]
    return [
      { type: "block_start", index, block: type, id: asText(id), name: asText(name) },
      { type: "block_delta", index, text: JSON.stringify(input) },
      end
    ]
  }

  close(): Parts {
    const open = this.#open
    if (open === undefined) return []
    this.#open = undefined
    const block = blockOf[open.kind](open.text, this.#origin)
    return [{ type: "block_end", index: this.whole.push(block) - 1, block }]
  }
}

export const make = (producer?: string): StreamRaiser => {
  const answer = new StreamedAnswer()
  const blocks = new Blocks(producer)
  let begun = false
  let broken = false
  let done = false

  const begin = (value: Schema.JsonObject): Parts => {
    if (begun) return []
    begun = true
    return [{ type: "response_start", metadata: RaiseResponse.metadataOf(value) }]
  }

  const add = ({ data }: SseFrame): Parts => {
    const value = broken || data === undefined ? undefined : parse(data)
    const error = OllamaErrors.errorIn(value)
    if (error !== undefined) {
      broken = true
      return [{ type: "error", error: value!, failure: OllamaErrors.raise(200, value) }]
    }
    if (!isFields(value)) return []
    answer.add(value)
    done ||= value["done"] === true
    const { message } = value
    return [...begin(value), ...isFields(message) ? blocks.add(message, RaiseResponse.placeOf(value)) : []]
  }

  const end = (): Parts => {
    const { whole } = answer
    if (broken || whole === undefined) return []
    const closing = blocks.close()
    return done
      ? [...closing, { type: "response", response: RaiseResponse.withBlocks(whole, blocks.whole) }]
      : closing
  }
  return { add, end }
}
