/** A canonical answer's parts as items that begin, grow and end: the events of the dialect that say so, not numbered yet. */
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import * as CustomCall from "../../messages/CustomCall.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import * as ToolArguments from "../chat/ToolArguments.ts"
import * as LowerItem from "./LowerItem.ts"
import * as LowerReasoning from "./LowerReasoning.ts"
import * as LowerResponse from "./LowerResponse.ts"
import type { KindName } from "./OpenItem.ts"
import { OpenItem } from "./OpenItem.ts"

type Event = Schema.JsonObject

const prefixes = { text: "msg", refusal: "msg", thinking: "rs", tool_call: "fc", custom_call: "ctc" } as const

const isGrowing = (block: string): block is "text" | "thinking" | "tool_call" =>
  block === "text" || block === "thinking" || block === "tool_call"

/** What a block's item grows by; undefined for one that comes whole. */
const kindOf = (block: ContentBlock): KindName | undefined => {
  if (!isModeled(block) || !isGrowing(block.type)) return undefined
  if (block.type === "tool_call") return block.custom === true ? "custom_call" : block.type
  return block.type === "text" && block["refusal"] === true ? "refusal" : block.type
}

const textOf = (block: ContentBlock): string => {
  if (!isModeled(block)) return ""
  switch (block.type) {
    case "text":
      return block.text
    case "thinking":
      return block.thinking
    case "tool_call":
      return block.custom === true ? CustomCall.textOf(block) : ToolArguments.lower(block)
    default:
      return ""
  }
}

export class StreamWriter {
  /** The items that have ended, by their place in the output. */
  readonly output: Array<Event> = []
  readonly #open = new Map<number, OpenItem>()
  /** Blocks that have begun, and have no text so far: only their end says what they are. */
  readonly #waiting = new Set<number>()
  readonly #nameOf: LowerResponse.ItemNames
  #places = 0

  constructor(nameOf: LowerResponse.ItemNames) {
    this.#nameOf = nameOf
  }

  #begin(
    index: number,
    kind: KindName,
    fields: Event
  ): { readonly item: OpenItem; readonly events: ReadonlyArray<Event> } {
    const item = new OpenItem(kind, this.#nameOf(prefixes[kind]), this.#places++)
    this.#open.set(index, item)
    return { item, events: item.begin(fields) }
  }

  start(part: Extract<StreamPart, { readonly type: "block_start" }>): ReadonlyArray<Event> {
    if (part.block !== "tool_call") {
      this.#waiting.add(part.index)
      if (part.block === "thinking") this.#thoughts.add(part.index)
      return []
    }
    const kind = part.custom === true ? "custom_call" : part.block
    return this.#begin(part.index, kind, { call_id: part.id ?? "", name: part.name ?? "" }).events
  }

  readonly #thoughts = new Set<number>()

  grow(index: number, text: string, logprobs: ReadonlyArray<Schema.Json> = []): ReadonlyArray<Event> {
    if (text !== "" && this.#waiting.delete(index)) {
      const { events, item } = this.#begin(index, this.#thoughts.has(index) ? "thinking" : "text", {})
      return [...events, ...item.grow(text, logprobs)]
    }
    return this.#open.get(index)?.grow(text, logprobs) ?? []
  }

  /** The place in the output of an item that somebody else writes. */
  take(): number {
    return this.#places++
  }

  /** An item that comes whole. */
  whole(item: Event): ReadonlyArray<Event> {
    const output_index = this.#places++
    this.output[output_index] = item
    return [
      { type: "response.output_item.added", output_index, item },
      { type: "response.output_item.done", output_index, item }
    ]
  }

  end(index: number, block: ContentBlock): ReadonlyArray<Event> {
    const kind = kindOf(block)
    let open = this.#open.get(index)
    const begun: Array<Event> = []
    if (open === undefined && kind !== undefined) {
      const fields = isModeled(block) && block.type === "tool_call" ? { call_id: block.id, name: block.name } : {}
      const { events, item } = this.#begin(index, kind, fields)
      addAll(begun, events)
      open = item
    }
    this.#open.delete(index)
    this.#waiting.delete(index)
    const [item, ...others] = LowerItem.items([block], LowerResponse.client(this.#nameOf))
    if (item === undefined) return begun
    if (open === undefined) return [item, ...others].flatMap((each) => this.whole(each))
    // The name that the item began with is its name.
    const ended = isModeled(block) && block.type === "thinking"
      ? LowerReasoning.answered(block, open.id, true)
      : { ...item, id: open.id }
    this.output[open.outputIndex] = ended
    return [...begun, ...open.end(ended, textOf(block)), ...others.flatMap((each) => this.whole(each))]
  }
}
