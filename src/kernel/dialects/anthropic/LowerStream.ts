/**
 * A canonical answer as the events of a streamed message, part by part. Clients read one block at a time: what would stand
 * between is held back until the block before it has ended.
 */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { asText } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer } from "../Dialect.ts"
import * as AnthropicErrors from "./AnthropicErrors.ts"
import * as BlockEvents from "./BlockEvents.ts"
import * as LowerResponse from "./LowerResponse.ts"
import { dialect } from "./WireFields.ts"

type BlockPart = Extract<StreamPart, { readonly index: number }>
type Frames = ReadonlyArray<Uint8Array>

const frame = (event: Schema.JsonObject): Uint8Array =>
  Buffer.from(`event: ${asText(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`)

/** Fields that `message_delta` has beside its `delta`. */
const inDelta = ["stop_reason", "stop_sequence", "stop_details", "container"] as const

const endOf = (response: ChatResponse): Schema.JsonObject => {
  const ending = LowerResponse.ending(response)
  return {
    ...Struct.omit(ending, inDelta),
    type: "message_delta",
    delta: Struct.pick(ending, inDelta.filter((name) => name in ending)),
    usage: LowerResponse.usage(response.usage, optionsFor(dialect, response)["usage"])
  }
}

class Writer implements StreamLowerer {
  #begun = false
  /** The block that is being written. */
  #current: BlockEvents.BlockEvents | undefined
  #currentIndex = -1
  /** What is held back, by the block's number. */
  readonly #waiting = new Map<number, Array<BlockPart>>()
  readonly #written = new Set<number>()
  /** The next number on the wire: blocks may be left out, or have something behind them. */
  #next = 0

  readonly add = (part: StreamPart): Frames => {
    switch (part.type) {
      case "response_start":
        return this.#begin(part.metadata, part.usage)
      case "error": {
        const { failure } = part
        return [AnthropicErrors.frame(AnthropicErrors.ofFailure(part.error, failure))]
      }
      case "response":
        return [...this.#begin(part.response.metadata ?? {}, part.response.usage), ...this.#end(part.response)]
      default:
        return [...this.#begin({}), ...this.#block(part)]
    }
  }

  #begin(metadata: Schema.JsonObject, usage?: ChatResponse["usage"]): Frames {
    if (this.#begun) return []
    this.#begun = true
    const message = {
      ...LowerResponse.head(metadata),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: LowerResponse.usage(usage)
    }
    return [frame({ type: "message_start", message })]
  }

  #block(part: BlockPart): Frames {
    if (this.#current === undefined && part.type === "block_start") {
      this.#current = BlockEvents.make(part)
      this.#currentIndex = part.index
      return this.#events(this.#current.start(this.#next))
    }
    if (part.index !== this.#currentIndex || this.#current === undefined) {
      const held = this.#waiting.get(part.index) ?? []
      held.push(part)
      this.#waiting.set(part.index, held)
      return []
    }
    if (part.type === "block_delta") return this.#events(this.#current.delta(part.text, this.#next))
    if (part.type === "block_end") return [...this.#close(part), ...this.#resume()]
    return []
  }

  #close(part: Extract<BlockPart, { readonly type: "block_end" }>): Frames {
    if (this.#current === undefined) return []
    const { blocks, events } = this.#current.end(part.block, this.#next)
    this.#written.add(part.index)
    this.#next += blocks
    this.#current = undefined
    this.#currentIndex = -1
    return this.#events(events)
  }

  /** The block that has waited longest, as far as it has come. */
  #resume(): Frames {
    const [first] = this.#waiting
    if (first === undefined) return []
    const [index, parts] = first
    this.#waiting.delete(index)
    return parts.flatMap((part) => this.#block(part))
  }

  #events(events: ReadonlyArray<Schema.JsonObject>): Frames {
    return events.map(frame)
  }

  /** What has come in no part of its own, or has no end, is in the whole. */
  #end(response: ChatResponse): Frames {
    const frames = response.content.flatMap((block, index) => {
      if (this.#written.has(index)) return []
      const begun = this.#currentIndex === index || this.#waiting.has(index)
      const start = begun ? [] : this.#block({ type: "block_start", index, block: block.type, ...callOf(block) })
      return [...start, ...this.#block({ type: "block_end", index, block })]
    })
    return [...frames, frame(endOf(response))]
  }
}

const callOf = (block: ChatResponse["content"][number]) =>
  block.type === "tool_call" && Predicate.isString(block["id"]) && Predicate.isString(block["name"])
    ? { id: block["id"], name: block["name"] }
    : {}

export const make = (): StreamLowerer => new Writer()
