/** Numbers the blocks of a streamed chat completion, and says when each begins, grows and ends. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { field, objectsIn, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import { blocks, parts } from "./RaiseMessage.ts"
import * as SignedTexts from "./SignedTexts.ts"
import * as ThinkingBlocks from "./ThinkingBlocks.ts"
import * as ThoughtPieces from "./ThoughtPieces.ts"
import * as ThoughtSignature from "./ThoughtSignature.ts"

interface Open {
  readonly kind: "text" | "thinking"
  readonly index: number
  /** Where the words of a thought stand. */
  readonly field: string
  /** How likely each token was, where the vendor says it. */
  readonly logprobs: Array<Schema.Json>
  text: string
}

const textIn = (value: unknown, name: string): string => textOrNull(field(value, name)) ?? ""

const listIn = (message: Schema.JsonObject, name: string): ReadonlyArray<Schema.Json> => {
  const value = message[name]
  return Array.isArray(value) ? value : []
}

/** The numbers of calls of which a delta has an empty piece: where secrets are masked, it stands for more of one. */
const grownByNothing = (delta: unknown, count: number): ReadonlySet<number> =>
  new Set(
    objectsIn(field(delta, "tool_calls"))
      .filter((piece) => field(piece["function"], "arguments") === "" || field(piece["custom"], "input") === "")
      .map(({ index }) => Predicate.isNumber(index) && index < count ? index : count - 1)
  )

export class OpenBlocks {
  readonly #origin: ThinkingBlocks.Origin
  #next = 0
  #open: Open | undefined
  /** Of each tool call: its number, and how much of its arguments is out. */
  readonly #calls: Array<{ readonly index: number; sent: number }> = []
  /** So many of the message's thinking blocks are out. */
  #thoughts = 0
  /** So many signed texts of a message with several are out. */
  #texts = 0
  #refusal: number | undefined

  constructor(producer: string | undefined) {
    this.#origin = producer === undefined ? {} : { producer_model: producer }
  }

  text(
    kind: Open["kind"],
    text: string,
    message: Schema.JsonObject,
    field = "",
    logprobs: ReadonlyArray<Schema.Json> = []
  ): ReadonlyArray<StreamPart> {
    const open = this.#open
    if (open?.kind === kind) return [this.#grown(open, text, logprobs)]
    if (text === "") return []
    // The block that the words belong to may stand in the same chunk: a thought does not end what it is.
    const closed = kind === "text" || open !== undefined ? this.close(message) : []
    const begun: Open = { kind, index: this.#next++, field, logprobs: [], text: "" }
    this.#open = begun
    return [
      ...closed,
      { type: "block_start", index: begun.index, block: kind },
      this.#grown(begun, text, logprobs)
    ]
  }

  #grown(open: Open, text: string, logprobs: ReadonlyArray<Schema.Json>): StreamPart {
    open.text += text
    const delta = { type: "block_delta", index: open.index, text } as const
    if (logprobs.length === 0) return delta
    addAll(open.logprobs, logprobs)
    return { ...delta, logprobs }
  }

  /** A refusal comes whole: only its end says that it is one. */
  refuse(text: string, message: Schema.JsonObject): ReadonlyArray<StreamPart> {
    if (text === "" || this.#refusal !== undefined) return []
    const parts = this.close(message)
    this.#refusal = this.#next++
    return [...parts, { type: "block_start", index: this.#refusal, block: "text" }]
  }

  #whole(block: ContentBlock): ReadonlyArray<StreamPart> {
    const index = this.#next++
    return [{ type: "block_start", index, block: block.type }, { type: "block_end", index, block }]
  }

  /** The next blocks under `thinking_blocks`, up to a number: the first ends the thought whose words came before. */
  #end(message: Schema.JsonObject, count: number): ReadonlyArray<StreamPart> {
    const given = listIn(message, ThinkingBlocks.blocksField).slice(this.#thoughts, count)
    this.#thoughts = Math.max(this.#thoughts, count)
    return given.flatMap((each) => {
      const [placed] = ThinkingBlocks.ofBlocks([each], this.#origin, true)
      if (placed === undefined) return []
      const { block } = placed
      const open = this.#open
      if (open?.kind !== "thinking" || block.type !== "thinking") return this.#whole(block)
      this.#open = undefined
      return [{ type: "block_end", index: open.index, block }]
    })
  }

  /** Thoughts that are whole now. */
  thoughts(message: Schema.JsonObject): ReadonlyArray<StreamPart> {
    return this.#end(message, ThoughtPieces.wholeCount(listIn(message, ThinkingBlocks.blocksField)))
  }

  close(message: Schema.JsonObject): ReadonlyArray<StreamPart> {
    const ended = this.#open?.kind === "text"
      ? []
      : this.#end(message, listIn(message, ThinkingBlocks.blocksField).length)
    const open = this.#open
    if (open === undefined) return ended
    this.#open = undefined
    const block: ContentBlock = open.kind === "thinking"
      ? ThinkingBlocks.ofWords(open.text, open.field, this.#origin)
      : { ...this.#signed(open.text, message), ...(open.logprobs.length === 0 ? {} : { logprobs: open.logprobs }) }
    return [...ended, { type: "block_end", index: open.index, block }]
  }

  /** A text signed as the message says, where that is of one text alone. */
  #signed(text: string, message: Schema.JsonObject): ContentBlock {
    const block: ContentBlock = { type: "text", text, ...this.#origin }
    return SignedTexts.open(ThoughtSignature.signatureIn(message)) === undefined && this.#texts === 0
      ? ThoughtSignature.signed(block, message)
      : block
  }

  /** Where signatures say where their texts end, these end. */
  sign(message: Schema.JsonObject): ReadonlyArray<StreamPart> {
    const signed = SignedTexts.open(ThoughtSignature.signatureIn(message))?.slice(this.#texts) ?? []
    this.#texts += signed.length
    return signed.flatMap(({ signature }) => {
      const open = this.#open
      const text = open?.kind === "text" ? open.text : ""
      const block = ThoughtSignature.signedBy({ type: "text", text, ...this.#origin }, signature)
      if (open?.kind !== "text") return [...this.close(message), ...this.#whole(block)]
      this.#open = undefined
      return [{ type: "block_end", index: open.index, block }]
    })
  }

  /** A call begins when its arguments do, or at the end: until then its name may grow. */
  calls(message: Schema.JsonObject, ended: boolean, delta?: unknown): ReadonlyArray<StreamPart> {
    const calls = listIn(message, "tool_calls")
    const grown = grownByNothing(delta, calls.length)
    return calls.flatMap((call, at) => {
      const parts: Array<StreamPart> = []
      const isCustom = field(call, "custom") !== undefined
      const called = field(call, isCustom ? "custom" : "function")
      const text = textIn(called, isCustom ? "input" : "arguments")
      const [block] = ended ? blocks({ tool_calls: [call] }, this.#origin) : []
      let open = this.#calls[at]
      if (open === undefined && (text !== "" || ended)) {
        parts.push(...this.close(message))
        open = this.#calls[at] = { index: this.#next++, sent: 0 }
        const [id, name] = [textIn(call, "id"), textIn(called, "name")]
        const isCall = block === undefined || block.type === "tool_call"
        parts.push(
          isCall
            ? {
              type: "block_start",
              index: open.index,
              block: "tool_call",
              id,
              name,
              ...(isCustom ? { custom: true } : {})
            }
            : { type: "block_start", index: open.index, block: block.type }
        )
      }
      if (open === undefined) return parts
      if (text.length > open.sent || (grown.has(at) && open.sent > 0)) {
        parts.push({ type: "block_delta", index: open.index, text: text.slice(open.sent) })
        open.sent = text.length
      }
      if (block !== undefined) parts.push({ type: "block_end", index: open.index, block })
      return parts
    })
  }

  /** What is left when the stream has ended. */
  finish(message: Schema.JsonObject): ReadonlyArray<StreamPart> {
    const closed = this.close(message)
    const refusal = this.#refusal === undefined ? [] : [{
      type: "block_end",
      index: this.#refusal,
      block: { type: "text", text: textIn(message, "refusal"), refusal: true, ...this.#origin }
    }] as const
    const images = parts(message["images"], this.#origin).flatMap((block) => this.#whole(block))
    return [...closed, ...refusal, ...images, ...this.calls(message, true)]
  }
}
