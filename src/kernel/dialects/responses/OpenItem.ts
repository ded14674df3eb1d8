/** An item of a streamed output as Strata writes it: the events of its beginning, its growth and its end. */
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { logprob } from "./LowerItem.ts"

type Event = Schema.JsonObject

/** A kind of item that grows, and the events by which it does. */
interface Kind {
  readonly first: (id: string, fields: Schema.JsonObject) => Schema.JsonObject
  /** The part within the item that grows; none of an item that is one text. */
  readonly part: ((text: string) => Schema.JsonObject) | undefined
  readonly partEvents: readonly [added: string, done: string]
  readonly place: Schema.JsonObject
  readonly delta: (item_id: string, output_index: number, delta: string) => Schema.JsonObject
  readonly done: string
  /** The whole text, as the event of its end has it. */
  readonly whole: (text: string) => Schema.JsonObject
}

const contentEvents = ["response.content_part.added", "response.content_part.done"] as const

const message = (id: string): Schema.JsonObject => ({
  type: "message",
  id,
  status: "in_progress",
  role: "assistant",
  content: []
})

export const kinds = {
  text: {
    first: message,
    part: (text) => ({ type: "output_text", text, annotations: [], logprobs: [] }),
    partEvents: contentEvents,
    place: { content_index: 0 },
    delta: (item_id, output_index, delta) => ({
      type: "response.output_text.delta",
      item_id,
      output_index,
      content_index: 0,
      delta,
      logprobs: []
    }),
    done: "response.output_text.done",
    whole: (text) => ({ text, logprobs: [] })
  },
  refusal: {
    first: message,
    part: (refusal) => ({ type: "refusal", refusal }),
    partEvents: contentEvents,
    place: { content_index: 0 },
    delta: (item_id, output_index, delta) => ({
      type: "response.refusal.delta",
      item_id,
      output_index,
      content_index: 0,
      delta
    }),
    done: "response.refusal.done",
    whole: (refusal) => ({ refusal })
  },
  thinking: {
    first: (id) => ({ type: "reasoning", id, summary: [] }),
    part: (text) => ({ type: "summary_text", text }),
    partEvents: ["response.reasoning_summary_part.added", "response.reasoning_summary_part.done"],
    place: { summary_index: 0 },
    delta: (item_id, output_index, delta) => ({
      type: "response.reasoning_summary_text.delta",
      item_id,
      output_index,
      summary_index: 0,
      delta
    }),
    done: "response.reasoning_summary_text.done",
    whole: (text) => ({ text })
  },
  tool_call: {
    first: (id, fields) => ({ type: "function_call", id, status: "in_progress", ...fields, arguments: "" }),
    part: undefined,
    partEvents: contentEvents,
    place: {},
    delta: (item_id, output_index, delta) => ({
      type: "response.function_call_arguments.delta",
      item_id,
      output_index,
      delta
    }),
    done: "response.function_call_arguments.done",
    whole: (text) => ({ arguments: text })
  },
  custom_call: {
    first: (id, fields) => ({ type: "custom_tool_call", id, status: "in_progress", ...fields, input: "" }),
    part: undefined,
    partEvents: contentEvents,
    place: {},
    delta: (item_id, output_index, delta) => ({
      type: "response.custom_tool_call_input.delta",
      item_id,
      output_index,
      delta
    }),
    done: "response.custom_tool_call_input.done",
    whole: (input) => ({ input })
  }
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof kinds

export class OpenItem {
  readonly kind: KindName
  readonly id: string
  readonly outputIndex: number
  text = ""
  #hasPart = false
  readonly #logprobs: Array<Schema.JsonObject> = []

  constructor(kind: KindName, id: string, outputIndex: number) {
    this.kind = kind
    this.id = id
    this.outputIndex = outputIndex
  }

  get #place(): Schema.JsonObject {
    return { item_id: this.id, output_index: this.outputIndex, ...kinds[this.kind].place }
  }

  begin(fields: Schema.JsonObject): ReadonlyArray<Event> {
    return [{
      type: "response.output_item.added",
      output_index: this.outputIndex,
      item: kinds[this.kind].first(this.id, fields)
    }]
  }

  /** The part begins with its first text. */
  #part(): ReadonlyArray<Event> {
    const { part, partEvents } = kinds[this.kind]
    if (this.#hasPart || part === undefined) return []
    this.#hasPart = true
    return [{ type: partEvents[0], ...this.#place, part: part("") }]
  }

  grow(text: string, given: ReadonlyArray<Schema.Json> = []): ReadonlyArray<Event> {
    if (text === "" && this.text === "") return []
    const parts = this.#part()
    this.text += text
    const event = kinds[this.kind].delta(this.id, this.outputIndex, text)
    const delta = given.length === 0 ? event : { ...event, logprobs: this.#likelyAs(given) }
    return parts.length === 0 ? [delta] : [...parts, delta]
  }

  #likelyAs(given: ReadonlyArray<Schema.Json>): ReadonlyArray<Schema.JsonObject> {
    const logprobs = given.map(logprob)
    addAll(this.#logprobs, logprobs)
    return logprobs
  }

  /** With how likely its tokens were. */
  get #likely(): Schema.JsonObject {
    return this.#logprobs.length === 0 ? {} : { logprobs: this.#logprobs }
  }

  /** `whole`: the text that the block has at its end, of which some may be out already. */
  end(item: Schema.JsonObject, whole: string): ReadonlyArray<Event> {
    const { done, part, partEvents, whole: wholeOf } = kinds[this.kind]
    const isLonger = whole.length > this.text.length && whole.startsWith(this.text)
    const rest = isLonger ? this.grow(whole.slice(this.text.length)) : []
    const isMessage = part !== undefined && partEvents === contentEvents
    const parts = isMessage ? this.#part() : []
    const hasText = this.#hasPart || part === undefined
    return [
      ...rest,
      ...parts,
      ...(hasText ? [{ type: done, ...this.#place, ...wholeOf(this.text), ...this.#likely }] : []),
      ...(this.#hasPart && part !== undefined
        ? [{ type: partEvents[1], ...this.#place, part: { ...part(this.text), ...this.#likely } }]
        : []),
      { type: "response.output_item.done", output_index: this.outputIndex, item }
    ]
  }
}
