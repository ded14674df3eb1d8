/** A canonical stream as parts of `effect/ai`. */
import type { Response } from "effect/ai"
import { tableOf } from "../../../events/types/Table.ts"
import type { ContentBlock } from "../../../kernel/messages/ContentBlock.ts"
import { isModeled } from "../../../kernel/messages/ContentBlock.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import * as BlockState from "./BlockState.ts"
import * as ResponseParts from "./ResponseParts.ts"

type Part = Response.StreamPartEncoded
type Kind = "text" | "reasoning" | "tool"

const kinds = tableOf<Kind>({
  text: "text",
  thinking: "reasoning",
  redacted_thinking: "reasoning",
  reasoning: "reasoning",
  tool_call: "tool"
})

/** A block that has begun, under the name its parts have. */
interface Open {
  readonly kind: Kind
  readonly id: string
  hasText: boolean
}

const deltaOf = ({ id, kind }: Open, delta: string): Part => {
  if (kind === "tool") return { type: "tool-params-delta", id, delta }
  return kind === "text" ? { type: "text-delta", id, delta } : { type: "reasoning-delta", id, delta }
}

const startOf = ({ id, kind }: Open, name: string): Part => {
  if (kind === "tool") return { type: "tool-params-start", id, name }
  return kind === "text" ? { type: "text-start", id } : { type: "reasoning-start", id }
}

/** What a block says as text. */
const wordsOf = (block: ContentBlock): string => {
  const thought = ResponseParts.thoughtOf(block)
  if (thought !== undefined || !isModeled(block)) return thought ?? ""
  return block.type === "text" ? block.text : block.type === "tool_call" ? JSON.stringify(block.input) : ""
}

/** Takes the parts of one answer in order, without errors. */
export class ResponseStream {
  readonly #open = new Map<number, Open>()
  readonly #head: ResponseParts.Head

  constructor(head: ResponseParts.Head) {
    this.#head = head
  }

  add(part: StreamPart): ReadonlyArray<Part> {
    switch (part.type) {
      case "response_start":
        return [ResponseParts.metadataOf(part.metadata)]
      case "block_start":
        return this.#start(part)
      case "block_delta": {
        const open = this.#open.get(part.index)
        if (open === undefined) return []
        open.hasText = true
        return [deltaOf(open, part.text)]
      }
      case "block_end":
        return this.#end(part.index, part.block)
      case "response":
        return [ResponseParts.finishOf(part.response, this.#head)]
      case "error":
        return []
    }
  }

  #start({ block, id, index, name = "" }: Extract<StreamPart, { type: "block_start" }>): ReadonlyArray<Part> {
    const kind = Object.hasOwn(kinds, block) ? kinds[block] : undefined
    if (kind === undefined) return []
    const open: Open = { kind, id: kind === "tool" ? id ?? String(index) : String(index), hasText: false }
    this.#open.set(index, open)
    return [startOf(open, name)]
  }

  #end(index: number, block: ContentBlock): ReadonlyArray<Part> {
    const open = this.#open.get(index)
    this.#open.delete(index)
    if (open === undefined) {
      const file = ResponseParts.fileOf(block, index)
      return file === undefined ? [] : [file]
    }
    const words = open.hasText ? "" : wordsOf(block)
    return [...words === "" ? [] : [deltaOf(open, words)], ...this.#last(open, block)]
  }

  #last({ id, kind }: Open, block: ContentBlock): ReadonlyArray<Part> {
    if (kind === "text") return [{ type: "text-end", id, ...BlockState.of(block) }]
    if (kind === "reasoning") return [{ type: "reasoning-end", id, ...BlockState.of(block) }]
    const end: Part = { type: "tool-params-end", id }
    return isModeled(block) && block.type === "tool_call" ? [end, ResponseParts.toolCall(block)] : [end]
  }
}
