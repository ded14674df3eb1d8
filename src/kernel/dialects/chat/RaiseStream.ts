/** A stream of chat completion chunks in the canonical model: part by part, and all of it at its end. */
import { Predicate, Result, Struct } from "effect"
import type { Schema } from "effect"
import { field, parse } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as ChatErrors from "./ChatErrors.ts"
import { isDone } from "./DoneFrame.ts"
import { blocks, isFields, thoughtFields } from "./RaiseMessage.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import { StreamedMessage } from "./StreamedMessage.ts"
import { firstChoice, usageIn } from "./WireUsage.ts"

const textIn = (delta: unknown, name: string): string => {
  const value = field(delta, name)
  return Predicate.isString(value) ? value : ""
}

/** Fields of chunks that are not those of the whole. */
const ofChunk: ReadonlySet<string> = new Set(["choices", "usage", "object"])

/** The head of the whole: of each field what was said last that says something. */
const addHead = (head: Record<string, Schema.Json>, chunk: Schema.JsonObject): void => {
  for (const [name, value] of Object.entries(chunk)) {
    if (!ofChunk.has(name) && value !== null && value !== "" && value !== 0) head[name] = value
  }
}

interface Open {
  readonly kind: "text" | "thinking"
  readonly index: number
  text: string
}

/** Numbers the blocks of an answer, and says when each begins, grows and ends. */
class OpenBlocks {
  readonly #origin: { readonly producer_model?: string }
  #next = 0
  #open: Open | undefined
  /** Of each tool call: its number, and how much of its arguments is out. */
  readonly #calls: Array<{ readonly index: number; sent: number }> = []

  constructor(producer: string | undefined) {
    this.#origin = producer === undefined ? {} : { producer_model: producer }
  }

  text(kind: Open["kind"], text: string): ReadonlyArray<StreamPart> {
    if (text === "") return []
    const parts: Array<StreamPart> = []
    if (this.#open?.kind !== kind) {
      parts.push(...this.close())
      this.#open = { kind, index: this.#next++, text: "" }
      parts.push({ type: "block_start", index: this.#open.index, block: kind })
    }
    this.#open.text += text
    return [...parts, { type: "block_delta", index: this.#open.index, text }]
  }

  close(): ReadonlyArray<StreamPart> {
    const open = this.#open
    if (open === undefined) return []
    this.#open = undefined
    const block: ContentBlock = open.kind === "text"
      ? { type: "text", text: open.text, ...this.#origin }
      : { type: "thinking", thinking: open.text, ...this.#origin }
    return [{ type: "block_end", index: open.index, block }]
  }

  /** A call begins when its arguments do, or at the end: until then its name may grow. */
  calls(calls: ReadonlyArray<Schema.Json>, ended: boolean): ReadonlyArray<StreamPart> {
    return calls.flatMap((call, at) => {
      const parts: Array<StreamPart> = []
      const text = textIn(field(call, "function"), "arguments")
      let open = this.#calls[at]
      if (open === undefined && (text !== "" || ended)) {
        parts.push(...this.close())
        open = this.#calls[at] = { index: this.#next++, sent: 0 }
        const [id, name] = [textIn(call, "id"), textIn(field(call, "function"), "name")]
        parts.push({ type: "block_start", index: open.index, block: "tool_call", id, name })
      }
      if (open === undefined) return parts
      if (text.length > open.sent) {
        parts.push({ type: "block_delta", index: open.index, text: text.slice(open.sent) })
        open.sent = text.length
      }
      const [block] = ended ? blocks({ tool_calls: [call] }, this.#origin) : []
      if (block !== undefined) parts.push({ type: "block_end", index: open.index, block })
      return parts
    })
  }
}

const callsOf = (message: Schema.JsonObject | undefined): ReadonlyArray<Schema.Json> => {
  const calls = message?.["tool_calls"]
  return Array.isArray(calls) ? calls : []
}

export const make = (producer?: string): StreamRaiser => {
  const streamed = new StreamedMessage()
  const open = new OpenBlocks(producer)
  const head: Record<string, Schema.Json> = {}
  let usage: Schema.JsonObject | undefined
  let begun = false
  let broken = false

  const begin = (chunk: Schema.JsonObject): ReadonlyArray<StreamPart> => {
    begun = true
    return [{
      type: "response_start",
      metadata: Struct.pick(chunk, ["id", "created", "model"].filter((name) => name in chunk))
    }]
  }

  const add = ({ data }: SseFrame): ReadonlyArray<StreamPart> => {
    const chunk = data === undefined || isDone(data) ? undefined : parse(data)
    if (!isFields(chunk)) return []
    const { error } = chunk
    if (error !== undefined && error !== null) {
      broken = true
      return [{ type: "error", error, failure: ChatErrors.raise(0, chunk) }]
    }
    addHead(head, chunk)
    usage = usageIn(chunk) ?? usage
    streamed.add(chunk)
    const start = begun ? [] : begin(chunk)
    const choice = firstChoice(chunk)
    if ((field(choice, "index") ?? 0) !== 0) return start
    const delta = field(choice, "delta")
    const thought = thoughtFields.map((name) => textIn(delta, name)).find((text) => text !== "") ?? ""
    return [
      ...start,
      ...open.text("thinking", thought),
      ...open.text("text", textIn(delta, "content")),
      ...(field(delta, "tool_calls") === undefined ? [] : open.calls(callsOf(streamed.whole?.message), false))
    ]
  }

  const end = (): ReadonlyArray<StreamPart> => {
    const whole = streamed.whole
    if (broken || whole === undefined) return []
    const parts = [...open.close(), ...open.calls(callsOf(whole.message), true)]
    const body = { ...head, choices: [whole], ...(usage === undefined ? {} : { usage }) }
    return Result.match(RaiseResponse.raise(body, producer), {
      onSuccess: (response) => [...parts, { type: "response", response }],
      onFailure: () => parts
    })
  }
  return { add, end }
}
