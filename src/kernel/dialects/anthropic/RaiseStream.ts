/** A stream of Anthropic's dialect in the canonical model: part by part, and all of it at its end. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as AnthropicErrors from "./AnthropicErrors.ts"
import { raise as raiseBlock, wholeType } from "./RaiseBlock.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as SealedBlock from "./SealedBlock.ts"
import { indexOf, StreamedMessage, typeOf } from "./StreamedMessage.ts"
import { given } from "./WireFields.ts"
import * as WireUsage from "./WireUsage.ts"

type Parts = ReadonlyArray<StreamPart>

/** The canonical types of blocks that come in pieces. */
const types: ReadonlyMap<unknown, string> = new Map([
  ["text", "text"],
  ["thinking", "thinking"],
  ["redacted_thinking", "redacted_thinking"],
  ["tool_use", "tool_call"]
])

/** The field of a delta that is more of its block's words. */
const wordsOf: ReadonlyMap<unknown, string> = new Map([
  ["text_delta", "text"],
  ["thinking_delta", "thinking"],
  ["input_json_delta", "partial_json"]
])

interface Open {
  readonly index: number
  readonly type: string
  isEmpty: boolean
}

class Parser {
  readonly #producer: string | undefined
  readonly #streamed = new StreamedMessage()
  /** By their number on the wire. */
  readonly #open = new Map<number, Open>()
  #blocks = 0
  /** A block that has ended: its signature may stand behind it. */
  #ended: Extract<StreamPart, { readonly type: "block_end" }> | undefined
  #begun = false
  #broken = false

  constructor(producer: string | undefined) {
    this.#producer = producer
  }

  add(type: string, value: Schema.JsonObject): Parts {
    if (type === "error" || value["type"] === undefined && isFields(value["error"])) {
      this.#broken = true
      return [{ type: "error", error: value, failure: AnthropicErrors.raise(0, value) }]
    }
    this.#streamed.add(type, value)
    const block = value["content_block"]
    if (type === "content_block_start" && isFields(block) && this.#sign(block)) return []
    return type === "ping" ? [] : [...this.#flush(), ...this.#parts(type, value)]
  }

  #parts(type: string, value: Schema.JsonObject): Parts {
    switch (type) {
      case "message_start":
        return this.#begin(value["message"])
      case "content_block_start":
        return this.#start(value)
      case "content_block_delta":
        return this.#delta(value)
      case "content_block_stop":
        return this.#stop(indexOf(value))
      default:
        return []
    }
  }

  end(): Parts {
    const whole = this.#streamed.whole
    if (this.#broken || whole === undefined) return []
    const stopped = [...this.#open.keys()].flatMap((at) => [...this.#stop(at), ...this.#flush()])
    const parts = [...this.#flush(), ...this.#begin(whole), ...stopped]
    return Result.match(RaiseResponse.raise(whole, this.#producer), {
      onSuccess: (response): Parts => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }

  /** Once, whatever comes first. */
  #begin(message: unknown): Parts {
    if (this.#begun) return []
    this.#begun = true
    const { id, model, usage } = isFields(message) ? message : {}
    return [{
      type: "response_start",
      metadata: RaiseResponse.metadataOf({ id: textOrNull(id), model: textOrNull(model) }),
      ...given("usage", WireUsage.raise(usage))
    }]
  }

  #start(value: Schema.JsonObject): Parts {
    const block = value["content_block"]
    if (!isFields(block)) return []
    const type = types.get(block["type"]) ?? wholeType
    const [index, at] = [this.#blocks++, indexOf(value)]
    this.#open.set(at, { index, type, isEmpty: true })
    const { id, name } = block
    const call = type === "tool_call"
      ? { ...given("id", textOrNull(id)), ...given("name", textOrNull(name)) }
      : {}
    const words = type === "text" || type === "thinking" ? textOrNull(block[type]) ?? "" : ""
    return [
      ...this.#begin(undefined),
      { type: "block_start", index, block: type, ...call },
      ...this.#words(at, words)
    ]
  }

  /** Whether it is the signature of the block that has ended: no block of its own. */
  #sign(block: Schema.JsonObject): boolean {
    if (this.#ended === undefined || block["type"] !== "redacted_thinking") return false
    const signed = SealedBlock.signed(this.#ended.block, block["data"])
    if (signed !== undefined) this.#ended = { ...this.#ended, block: signed }
    return signed !== undefined
  }

  #flush(): Parts {
    const ended = this.#ended
    this.#ended = undefined
    return ended === undefined ? [] : [ended]
  }

  #delta(value: Schema.JsonObject): Parts {
    const { delta } = value
    if (!isFields(delta)) return []
    const name = wordsOf.get(delta["type"])
    return name === undefined ? [] : this.#words(indexOf(value), textOrNull(delta[name]) ?? "")
  }

  #words(at: number, text: string): Parts {
    const open = this.#open.get(at)
    if (open === undefined || (text === "" && open.isEmpty) || open.type === wholeType) return []
    open.isEmpty = false
    return [{ type: "block_delta", index: open.index, text }]
  }

  #stop(at: number): Parts {
    const [open, whole] = [this.#open.get(at), this.#streamed.block(at)]
    if (open === undefined || whole === undefined) return []
    const { input } = whole
    const isWhole = open.type === "tool_call" && open.isEmpty && isFields(input) && Object.keys(input).length > 0
    const words = isWhole ? this.#words(at, JSON.stringify(input)) : []
    this.#open.delete(at)
    const block = raiseBlock(whole, given("producer_model", this.#producer))
    this.#ended = { type: "block_end", index: open.index, block }
    return words
  }
}

export const make = (producer?: string): StreamRaiser => {
  const parser = new Parser(producer)
  return {
    add: (frame: SseFrame) => {
      const { data } = frame
      const value = data === undefined ? undefined : parse(data)
      if (!isFields(value)) return []
      return parser.add(Predicate.isString(value["type"]) ? value["type"] : typeOf(value, frame.event?.event), value)
    },
    end: () => parser.end()
  }
}
