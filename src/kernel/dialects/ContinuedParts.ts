/** The parts of an answer that several calls give, as the parts of one. */
import { Predicate } from "effect"
import type { ChatResponse } from "../messages/ChatResponse.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import * as Continuation from "../messages/Continuation.ts"
import type { StreamPart } from "../messages/StreamPart.ts"

type Parts = ReadonlyArray<StreamPart>
type BlockEnd = Extract<StreamPart, { readonly type: "block_end" }>

/** A block of a further call. */
interface Block {
  readonly kind: string
  readonly index: number
  /** The text that it goes on with, which is out already. */
  readonly before: string | undefined
  text: string
  /** Of a call of a tool, which goes out whole: half a call must not be made. */
  readonly held: Array<StreamPart>
}

const textOf = (block: ContentBlock | undefined): string => {
  const text = block?.["text"]
  return block?.type === "text" && Predicate.isString(text) ? text : ""
}

export class ContinuedParts {
  /** What all calls so far add up to, once the first has ended. */
  #response: ChatResponse | undefined
  /** The end of a text that may go on. */
  #held: BlockEnd | undefined
  #next = 0
  #isContinued = false
  #hasBlocks = false
  /** Of the current further call, by its own numbers. */
  readonly #blocks = new Map<number, Block>()
  #ended: Array<ContentBlock> = []

  get response(): ChatResponse | undefined {
    return this.#response
  }

  /** Parts of the current call as parts of the whole. */
  add(part: StreamPart): Parts {
    if (part.type !== "response") return (this.#isContinued ? this.#numbered(part) : [part]).flatMap(this.#pass)
    const { response } = part
    this.#response = this.#response === undefined ? response : Continuation.join(this.#response, response)
    return []
  }

  /** A further call begins. */
  begin(): void {
    this.#isContinued = true
    this.#hasBlocks = false
    this.#blocks.clear()
    this.#ended = []
  }

  /** The further call failed: what has come of it stays, and the answer ends as it was cut off. */
  broken(): Parts {
    const ends = [...this.#blocks].flatMap(([index, { kind, text }]) => {
      if (text === "" || kind === "tool_call") return []
      const block: ContentBlock = kind === "thinking" ? { type: kind, thinking: text } : { type: "text", text }
      return this.#end({ type: "block_end", index, block })
    })
    const cut = this.#response
    if (cut !== undefined) {
      this.#response = { ...cut, content: Continuation.join(cut, { content: this.#ended }).content }
    }
    return ends.flatMap(this.#pass)
  }

  /** The end of the whole. */
  finish(): Parts {
    const response = this.#response
    return response === undefined ? this.#release() : [...this.#release(), { type: "response", response }]
  }

  #release(): Parts {
    const held = this.#held
    this.#held = undefined
    return held === undefined ? [] : [held]
  }

  readonly #pass = (part: StreamPart): Parts => {
    if (part.type === "block_start") this.#next = Math.max(this.#next, part.index + 1)
    const isHeld = "index" in part && part.index === this.#held?.index
    if (isHeld && part.type === "block_delta") return [part]
    // The end of a text that goes on takes the place of its earlier one.
    const before = isHeld ? [] : this.#release()
    if (part.type !== "block_end" || part.block.type !== "text") return [...before, part]
    this.#held = part
    return before
  }

  #numbered(part: StreamPart): Parts {
    if (part.type === "block_start") return this.#start(part)
    if (part.type === "block_delta") return this.#grow(part.index, part.text)
    return part.type === "block_end" ? this.#end(part) : []
  }

  #start(part: Extract<StreamPart, { readonly type: "block_start" }>): Parts {
    const held = part.block === "text" && !this.#hasBlocks ? this.#held : undefined
    this.#hasBlocks = true
    const start = { ...part, index: held?.index ?? this.#next++ }
    const isCall = part.block === "tool_call"
    this.#blocks.set(part.index, {
      kind: part.block,
      index: start.index,
      before: held === undefined ? undefined : textOf(held.block),
      text: "",
      held: isCall ? [start] : []
    })
    return isCall || held !== undefined ? [] : [start]
  }

  #grow(at: number, text: string): Parts {
    const block = this.#blocks.get(at)
    if (block === undefined) return []
    const { before, held, index, kind } = block
    const earlier = block.text
    block.text += text
    // Space that is out already is not said again.
    const more = before === undefined
      ? text
      : Continuation.seam(before, block.text).slice(Continuation.seam(before, earlier).length)
    if (more === "") return []
    const delta: StreamPart = { type: "block_delta", index, text: more }
    if (kind !== "tool_call") return [delta]
    held.push(delta)
    return []
  }

  #end(part: BlockEnd): Parts {
    const { block, index: at } = part
    const start = this.#blocks.has(at) ? [] : this.#start({ type: "block_start", index: at, block: block.type })
    const { before, held, index, text } = this.#blocks.get(at)!
    const rest = before === undefined ? [] : this.#grow(at, textOf(block).slice(text.length))
    this.#blocks.delete(at)
    this.#ended.push(block)
    const [whole] = before === undefined || this.#held === undefined
      ? [block]
      : Continuation.join({ content: [this.#held.block] }, { content: [block] }).content
    return [...start, ...held, ...rest, { type: "block_end", index, block: whole! }]
  }
}
