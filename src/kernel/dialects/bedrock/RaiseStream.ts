/** A stream of Converse in the canonical model: part by part, and all of it at its end. */
import { Result } from "effect"
import type { Schema } from "effect"
import { asText, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as BedrockErrors from "./BedrockErrors.ts"
import * as RaiseBlock from "./RaiseBlock.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import { indexOf, StreamedMessage } from "./StreamedMessage.ts"

type Fields = Schema.JsonObject
type Parts = ReadonlyArray<StreamPart>

interface Open {
  readonly index: number
  readonly type: string
  isEmpty: boolean
}

/** The canonical type of a block, by its first delta. */
const typeOf = ({ reasoningContent, text }: Fields): string | undefined => {
  if (textOrNull(text) !== null) return "text"
  if (!isFields(reasoningContent)) return undefined
  return reasoningContent["redactedContent"] === undefined ? "thinking" : "redacted_thinking"
}

/** More of the block's words; null where a delta is of something else. */
const wordsIn = ({ reasoningContent, text, toolUse }: Fields): string | null =>
  textOrNull(text) ?? textOrNull(isFields(toolUse) ? toolUse["input"] : undefined) ??
    textOrNull(isFields(reasoningContent) ? reasoningContent["text"] : undefined)

class Parser {
  readonly #origin: RaiseBlock.Origin
  readonly #producer: string | undefined
  readonly #streamed = new StreamedMessage()
  /** By their number on the wire. */
  readonly #open = new Map<number, Open>()
  #blocks = 0
  #begun = false
  #stopped = false
  #broken = false

  constructor(producer: string | undefined) {
    this.#producer = producer
    this.#origin = RaiseBlock.originOf(producer)
  }

  add(value: Fields): Parts {
    if (this.#broken) return []
    if (BedrockErrors.exceptionIn(value) !== undefined) {
      this.#broken = true
      return [{ type: "error", error: value, failure: BedrockErrors.raise(200, value) }]
    }
    this.#streamed.add(value)
    return Object.entries(value).flatMap(([name, event]) => isFields(event) ? this.#parts(name, event) : [])
  }

  #parts(name: string, event: Fields): Parts {
    switch (name) {
      case "messageStart":
        return this.#begin()
      case "contentBlockStart":
        return this.#start(indexOf(event), isFields(event["start"]) ? event["start"] : {})
      case "contentBlockDelta":
        return this.#delta(indexOf(event), isFields(event["delta"]) ? event["delta"] : {})
      case "contentBlockStop":
        return this.#stop(indexOf(event))
      case "messageStop":
        this.#stopped = true
        return this.#begin()
      default:
        return []
    }
  }

  #begin(): Parts {
    if (this.#begun) return []
    this.#begun = true
    return [{ type: "response_start", metadata: {} }]
  }

  #opened(at: number, type: string, call: { readonly id?: string; readonly name?: string } = {}): Parts {
    const index = this.#blocks++
    this.#open.set(at, { index, type, isEmpty: true })
    return [...this.#begin(), { type: "block_start", index, block: type, ...call }]
  }

  #start(at: number, { toolUse }: Fields): Parts {
    if (!isFields(toolUse)) return []
    const { name, toolUseId } = toolUse
    return this.#opened(at, "tool_call", { id: asText(toolUseId), name: asText(name) })
  }

  #delta(at: number, delta: Fields): Parts {
    const before = this.#open.has(at) ? [] : this.#opened(at, typeOf(delta) ?? RaiseBlock.wholeType)
    return [...before, ...this.#words(at, wordsIn(delta))]
  }

  #words(at: number, text: string | null): Parts {
    const open = this.#open.get(at)
    if (open === undefined || text === null || open.type === RaiseBlock.wholeType) return []
    if (text === "" && open.isEmpty) return []
    open.isEmpty = false
    return [{ type: "block_delta", index: open.index, text }]
  }

  #stop(at: number): Parts {
    const [open, whole] = [this.#open.get(at), this.#streamed.block(at)]
    if (open === undefined || whole === undefined) return []
    this.#open.delete(at)
    return [{ type: "block_end", index: open.index, block: RaiseBlock.raise(whole, this.#origin) }]
  }

  end(): Parts {
    const { whole } = this.#streamed
    if (this.#broken || whole === undefined) return []
    const parts = [...this.#open.keys()].flatMap((at) => this.#stop(at))
    if (!this.#stopped) return parts
    return Result.match(RaiseResponse.raise(whole, this.#producer), {
      onSuccess: (response): Parts => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }
}

export const make = (producer?: string): StreamRaiser => {
  const parser = new Parser(producer)
  return {
    add: ({ data }: SseFrame) => {
      const value = data === undefined ? undefined : parse(data)
      return isFields(value) ? parser.add(value) : []
    },
    end: () => parser.end()
  }
}
