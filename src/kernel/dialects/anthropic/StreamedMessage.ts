/** Puts a streamed message together, event by event, as a plain answer would have it. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { field, isFields, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import { eventsOf } from "../sse/SseFrame.ts"

type Fields = Record<string, Schema.Json>

/** A block that is not whole yet; `json`: its input, as it comes. */
export interface OpenBlock {
  readonly fields: Fields
  json: string
  /** Of a text: they come one by one. */
  citations?: Array<Schema.Json>
}

/** What is said later stands, but for nothing at all. */
const addFields = (fields: Fields, more: Schema.JsonObject): void => {
  for (const [name, value] of Object.entries(more)) {
    if (value !== null || !Object.hasOwn(fields, name)) fields[name] = value
  }
}

const addCitation = (block: OpenBlock, citation: Schema.Json): void => {
  const before = block.fields["citations"]
  block.citations ??= Array.isArray(before) ? [...before as ReadonlyArray<Schema.Json>] : []
  block.citations.push(citation)
  block.fields["citations"] = block.citations
}

/** A delta of a kind that is not known here: text grows, all else is what it is. */
const addOther = (fields: Fields, delta: Schema.JsonObject): void => {
  for (const [name, value] of Object.entries(delta)) {
    if (name === "type") continue
    const before = fields[name]
    fields[name] = Predicate.isString(before) && Predicate.isString(value) ? before + value : value
  }
}

const addDelta = (block: OpenBlock, delta: Schema.JsonObject): void => {
  switch (delta["type"]) {
    case "input_json_delta":
      block.json += textOrNull(delta["partial_json"]) ?? ""
      return
    case "signature_delta":
      // It comes whole.
      if (Predicate.isString(delta["signature"])) block.fields["signature"] = delta["signature"]
      return
    case "citations_delta":
      if (delta["citation"] !== undefined) addCitation(block, delta["citation"])
      return
    default:
      addOther(block.fields, delta)
  }
}

/** The block as it stands now; input that is no JSON stays as it came. */
const wholeOf = ({ fields, json }: OpenBlock): Schema.JsonObject =>
  json === "" ? fields : { ...fields, input: parse(json) ?? json }

/** The type of an event, by its value or by its frame. */
export const typeOf = (value: Schema.JsonObject, event: string | undefined): string =>
  textOrNull(value["type"]) ?? event ?? ""

export class StreamedMessage {
  readonly #head: Fields = {}
  readonly #usage: Fields = {}
  readonly #blocks = new Map<number, OpenBlock>()
  #begun = false

  add(type: string, value: Schema.JsonObject): void {
    switch (type) {
      case "message_start": {
        const { content: _, usage, ...head } = isFields(value["message"]) ? value["message"] : {}
        this.#begun = true
        addFields(this.#head, head)
        if (isFields(usage)) addFields(this.#usage, usage)
        return
      }
      case "content_block_start": {
        const block = value["content_block"]
        if (!isFields(block)) return
        this.#begun = true
        this.#blocks.set(indexOf(value), { fields: { ...block }, json: "" })
        return
      }
      case "content_block_delta": {
        const block = this.#blocks.get(indexOf(value))
        if (block !== undefined && isFields(value["delta"])) addDelta(block, value["delta"])
        return
      }
      case "message_delta":
        if (isFields(value["delta"])) addFields(this.#head, value["delta"])
        if (isFields(value["usage"])) addFields(this.#usage, value["usage"])
        addFields(this.#head, Struct.omit(value, ["type", "delta", "usage"]))
    }
  }

  block(index: number): Schema.JsonObject | undefined {
    const block = this.#blocks.get(index)
    return block === undefined ? undefined : wholeOf(block)
  }

  /** What it is so far; undefined before its first event. */
  get whole(): Schema.JsonObject | undefined {
    if (!this.#begun) return undefined
    return {
      ...this.#head,
      content: [...this.#blocks.values()].map(wholeOf),
      ...(Object.keys(this.#usage).length === 0 ? {} : { usage: this.#usage })
    }
  }
}

/** The number of an event's block. */
export const indexOf = (value: Schema.JsonObject): number => {
  const index = field(value, "index")
  return Predicate.isNumber(index) ? index : 0
}

/** All of a stream; undefined where the text holds no message. */
export const assemble = (text: string): Schema.JsonObject | undefined => {
  const streamed = new StreamedMessage()
  for (const { data, event } of eventsOf(text)) {
    const value = parse(data)
    if (isFields(value)) streamed.add(typeOf(value, event), value)
  }
  return streamed.whole
}
