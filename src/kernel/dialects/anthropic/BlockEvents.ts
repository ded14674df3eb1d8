/** One block of an answer as its events: start, deltas, stop; one that comes in no pieces, when it is whole. */
import type { Schema } from "effect"
import { isFields, objectsIn, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import * as LowerBlock from "./LowerBlock.ts"

type Events = ReadonlyArray<Schema.JsonObject>

/** How a block is written whose words come in pieces. */
interface Kind {
  readonly start: Schema.JsonObject
  readonly delta: (text: string) => Schema.JsonObject
  /** All of its words. */
  readonly wordsIn: (block: Schema.JsonObject) => string
  /** What belongs to the block and is no words, at its end. */
  readonly last: (block: Schema.JsonObject) => Events
}

const text: Kind = {
  start: { type: "text", text: "" },
  delta: (text) => ({ type: "text_delta", text }),
  wordsIn: (block) => textOrNull(block["text"]) ?? "",
  last: (block) => objectsIn(block["citations"]).map((citation) => ({ type: "citations_delta", citation }))
}

const thinking: Kind = {
  start: { type: "thinking", thinking: "", signature: "" },
  delta: (thinking) => ({ type: "thinking_delta", thinking }),
  wordsIn: (block) => textOrNull(block["thinking"]) ?? "",
  last: ({ signature }) => signature === undefined ? [] : [{ type: "signature_delta", signature }]
}

/** Of calls, the client's tools' and the vendor's own. */
const calling = (start: Schema.JsonObject): Kind => ({
  start: { ...start, input: {} },
  delta: (partial_json) => ({ type: "input_json_delta", partial_json }),
  wordsIn: ({ input }) => isFields(input) && Object.keys(input).length === 0 ? "" : JSON.stringify(input ?? {}),
  last: () => []
})

const kindOf = (part: Extract<StreamPart, { readonly type: "block_start" }>): Kind | undefined => {
  switch (part.block) {
    case "text":
      return text
    case "thinking":
    case "reasoning":
      return thinking
    case "tool_call":
      return calling({ type: "tool_use", id: part.id ?? "", name: part.name ?? "" })
    default:
      return undefined
  }
}

export interface BlockEvents {
  /** `at`: its number on the wire. */
  readonly start: (at: number) => Events
  readonly delta: (text: string, at: number) => Events
  /** `blocks`: how many there are on the wire. */
  readonly end: (block: ContentBlock, at: number) => { readonly blocks: number; readonly events: Events }
}

const begin = (index: number, content_block: Schema.JsonObject) => ({
  type: "content_block_start",
  index,
  content_block
})
const stop = (index: number) => ({ type: "content_block_stop", index })
const delta = (index: number, delta: Schema.JsonObject) => ({ type: "content_block_delta", index, delta })

/** At once: a call of the vendor's own tool is read as any call is, in its deltas. */
const whole = (block: Schema.JsonObject, index: number): Events => {
  if (!isFields(block["input"])) return [begin(index, block), stop(index)]
  const kind = calling(block)
  const words = kind.wordsIn(block)
  return [begin(index, kind.start), ...(words === "" ? [] : [delta(index, kind.delta(words))]), stop(index)]
}

class InPieces implements BlockEvents {
  readonly #kind: Kind
  #words = ""

  constructor(kind: Kind) {
    this.#kind = kind
  }

  start(at: number): Events {
    return [begin(at, this.#kind.start)]
  }

  delta(text: string, at: number): Events {
    this.#words += text
    return this.#words === "" ? [] : [delta(at, this.#kind.delta(text))]
  }

  end(block: ContentBlock, at: number) {
    const [first, ...behind] = LowerBlock.answer(block)
    const { last, wordsIn } = this.#kind
    // What has come in no delta.
    const all = first === undefined ? "" : wordsIn(first)
    const rest = this.#words === "" ? all : all.startsWith(this.#words) ? all.slice(this.#words.length) : ""
    const events = [
      ...(rest === "" ? [] : [this.#kind.delta(rest)]),
      ...(first === undefined ? [] : last(first))
    ].map((each) => delta(at, each))
    return {
      blocks: 1 + behind.length,
      events: [...events, stop(at), ...behind.flatMap((each, index) => whole(each, at + 1 + index))]
    }
  }
}

const atOnce: BlockEvents = {
  start: () => [],
  delta: () => [],
  end: (block, at) => {
    const blocks = LowerBlock.answer(block)
    return { blocks: blocks.length, events: blocks.flatMap((each, index) => whole(each, at + index)) }
  }
}

export const make = (part: Extract<StreamPart, { readonly type: "block_start" }>): BlockEvents => {
  const kind = kindOf(part)
  return kind === undefined ? atOnce : new InPieces(kind)
}
