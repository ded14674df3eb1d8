/** The items of a streamed output as they come: each a block or several, which begin, grow and end. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, listOf, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { Origin } from "../chat/RaiseMessage.ts"
import { answer } from "./RaiseItem.ts"
import { partGap } from "./RaiseReasoning.ts"

/** A part of an item: its block's number, and its text so far. */
interface Piece {
  readonly index: number
  readonly type: string
  text: string
}

interface Streamed {
  item: Schema.JsonObject
  /** By the number of the content or the summary within the item. */
  readonly pieces: Array<Piece>
  /** Of reasoning: where its words come from, and which part of it is growing. */
  growing: { readonly event: string; part: number } | undefined
  ended: boolean
}

const numberIn = (event: Schema.JsonObject, name: string): number => {
  const value = event[name]
  return Predicate.isNumber(value) && value >= 0 ? value : 0
}

const textIn = (event: Schema.JsonObject, name: string): string => textOrNull(event[name]) ?? ""

/** An item whose end never came, with what there is of it. */
const partOf = ({ item, pieces }: Streamed): Schema.JsonObject => {
  const text = pieces.map((piece) => piece.text).join("")
  switch (item["type"]) {
    case "message": {
      const content = pieces.map(({ text, type }) => type === "refusal" ? { type, refusal: text } : { type, text })
      return { ...item, content: content as ReadonlyArray<Schema.JsonObject> }
    }
    case "function_call":
      return { ...item, arguments: text }
    case "reasoning":
      return { ...item, summary: text === "" ? [] : [{ type: "summary_text", text }] }
    default:
      return item
  }
}

const startOf = (index: number, block: ContentBlock): StreamPart =>
  isModeled(block) && block.type === "tool_call"
    ? { type: "block_start", index, block: block.type, id: block.id, name: block.name }
    : { type: "block_start", index, block: block.type }

const withLogprobs = (parts: ReadonlyArray<StreamPart>, event: Schema.JsonObject): ReadonlyArray<StreamPart> => {
  const logprobs = listOf(event["logprobs"])
  return logprobs.length === 0
    ? parts
    : parts.map((part) => part.type === "block_delta" ? { ...part, logprobs } : part)
}

export class StreamedItems {
  readonly #origin: Origin
  readonly #items = new Map<number, Streamed>()
  #next = 0

  constructor(producer: string | undefined) {
    this.#origin = producer === undefined ? {} : { producer_model: producer }
  }

  /** All items, in the order of the output. */
  get all(): ReadonlyArray<Schema.JsonObject> {
    return [...this.#items].sort(([one], [other]) => one - other).map(([, { item }]) => item)
  }

  #itemOf(event: Schema.JsonObject, type: string): Streamed {
    const index = numberIn(event, "output_index")
    let streamed = this.#items.get(index)
    if (streamed === undefined) {
      const given = event["item"]
      streamed = { item: isFields(given) ? given : { type }, pieces: [], growing: undefined, ended: false }
      this.#items.set(index, streamed)
    }
    return streamed
  }

  /** Text of the block at a place within the item; it begins where it has not. */
  #grow(streamed: Streamed, place: number, type: string, start: (index: number) => StreamPart, text?: string) {
    const parts: Array<StreamPart> = []
    let piece = streamed.pieces[place]
    if (piece === undefined) {
      piece = streamed.pieces[place] = { index: this.#next++, type, text: "" }
      parts.push(start(piece.index))
    }
    piece.text += text ?? ""
    // A refusal comes whole: only its end says that it is one.
    if (text !== undefined && piece.text !== "" && type !== "refusal") {
      parts.push({ type: "block_delta", index: piece.index, text })
    }
    return parts
  }

  #text(event: Schema.JsonObject, type: string, text?: string): ReadonlyArray<StreamPart> {
    const streamed = this.#itemOf(event, "message")
    return this.#grow(
      streamed,
      numberIn(event, "content_index"),
      type,
      (index) => ({ type: "block_start", index, block: "text" }),
      text
    )
  }

  /** The summary's words, or the reasoning's own where these come first. */
  #thought(event: Schema.JsonObject, part: number): ReadonlyArray<StreamPart> {
    const streamed = this.#itemOf(event, "reasoning")
    const name = textIn(event, "type")
    const growing = streamed.growing ??= { event: name, part }
    if (growing.event !== name) return []
    const gap = growing.part === part ? "" : partGap
    growing.part = part
    const start = (index: number): StreamPart => ({ type: "block_start", index, block: "thinking" })
    return this.#grow(streamed, 0, "thinking", start, gap + textIn(event, "delta"))
  }

  #call(event: Schema.JsonObject, text?: string): ReadonlyArray<StreamPart> {
    const streamed = this.#itemOf(event, "function_call")
    const [id, name] = [textIn(streamed.item, "call_id"), textIn(streamed.item, "name")]
    const start = (index: number): StreamPart => ({ type: "block_start", index, block: "tool_call", id, name })
    return this.#grow(streamed, 0, "arguments", start, text)
  }

  #end(streamed: Streamed, item: Schema.JsonObject): ReadonlyArray<StreamPart> {
    if (streamed.ended) return []
    streamed.ended = true
    streamed.item = item
    return answer([item], this.#origin).flatMap((block, place) => {
      const open = streamed.pieces[place]
      const index = open?.index ?? this.#next++
      return [...(open === undefined ? [startOf(index, block)] : []), { type: "block_end", index, block }]
    })
  }

  add(event: Schema.JsonObject): ReadonlyArray<StreamPart> {
    switch (event["type"]) {
      case "response.output_item.added": {
        const { item } = this.#itemOf(event, "message")
        return item["type"] === "function_call" ? this.#call(event) : []
      }
      case "response.content_part.added": {
        const part = event["part"]
        const type = isFields(part) ? textIn(part, "type") : ""
        return type === "output_text" || type === "refusal" ? this.#text(event, type) : []
      }
      case "response.output_text.delta":
        return withLogprobs(this.#text(event, "output_text", textIn(event, "delta")), event)
      case "response.refusal.delta":
        return this.#text(event, "refusal", textIn(event, "delta"))
      case "response.reasoning_summary_text.delta":
        return this.#thought(event, numberIn(event, "summary_index"))
      case "response.reasoning_text.delta":
      case "response.reasoning.delta":
        return this.#thought(event, numberIn(event, "content_index"))
      case "response.function_call_arguments.delta":
        return this.#call(event, textIn(event, "delta"))
      case "response.output_item.done": {
        const item = event["item"]
        return isFields(item) ? this.#end(this.#itemOf(event, "message"), item) : []
      }
      default:
        return []
    }
  }

  /** Ends what is still open: as the answer's output has it, or as far as it came. */
  finish(output: ReadonlyArray<Schema.Json>): ReadonlyArray<StreamPart> {
    output.forEach((item, output_index) => {
      if (isFields(item)) this.#itemOf({ output_index, item }, "message")
    })
    return [...this.#items].sort(([one], [other]) => one - other).flatMap(([index, streamed]) => {
      const item = output[index]
      return this.#end(streamed, isFields(item) ? item : partOf(streamed))
    })
  }
}
