/** What a model says, as parts of a stream: it tells them as they come, and all of it at its end. */
import type { Schema } from "effect"
import * as EventIds from "../../../events/types/EventIds.ts"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { ChatResponse, Degradation } from "../../../kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../kernel/messages/ContentBlock.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import type { CallChunk, Chunk } from "./LlamaModule.ts"
import { StopTexts } from "./StopTexts.ts"

export interface Options {
  /** An id of `EventIds` behind a word. */
  readonly id: string
  readonly model: string
  /** So many calls of tools are in the conversation: those of this answer are numbered behind them. */
  readonly callsBefore: number
  readonly promptTokens: number
  readonly degradations: ReadonlyArray<Degradation>
  /** Texts that end the answer. */
  readonly stops: ReadonlyArray<string>
  /** Lets the model stop. */
  readonly stop: () => void
  readonly add: (part: StreamPart) => void
}

interface Open {
  readonly index: number
  readonly kind: "text" | "thinking" | "tool_call"
  readonly name: string
  text: string
}

const reasons = tableOf<string>({ maxTokens: "length", functionCalls: "tool_calls" })

export class LlamaAnswer {
  readonly #options: Options
  readonly #content: Array<ContentBlock> = []
  #open: Open | undefined
  #callIndex: number | undefined
  #calls = 0
  #outputTokens = 0
  readonly #stops: StopTexts

  constructor(options: Options) {
    this.#options = options
    this.#stops = new StopTexts(options.stops)
    options.add({ type: "response_start", metadata: this.#metadata })
  }

  get #metadata(): Schema.JsonObject {
    const { id, model } = this.#options
    return { id, model, created: EventIds.secondsOf(id.slice(id.indexOf("-") + 1)) }
  }

  #begin(kind: Open["kind"], name = ""): Open {
    const open = { index: this.#content.length, kind, name, text: "" }
    this.#open = open
    this.#options.add({
      type: "block_start",
      index: open.index,
      block: kind,
      ...kind === "tool_call" ? { id: this.#callId(), name } : {}
    })
    return open
  }

  /** Unique within the conversation, and the same when it is asked again. */
  #callId(): string {
    return `call_${this.#options.callsBefore + this.#calls}`
  }

  #blockOf({ kind, name, text }: Open): ContentBlock {
    switch (kind) {
      case "text":
        return { type: "text", text }
      case "thinking":
        return { type: "thinking", thinking: text }
      case "tool_call": {
        const input = parse(text === "" ? "{}" : text)
        return { type: "tool_call", id: this.#callId(), name, input: isFields(input) ? input as Schema.JsonObject : {} }
      }
    }
  }

  #end(): void {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    const block = this.#blockOf(open)
    if (open.kind === "tool_call") this.#calls++
    this.#content.push(block)
    this.#options.add({ type: "block_end", index: open.index, block })
  }

  #grow(open: Open, text: string): void {
    if (text === "") return
    open.text += text
    this.#options.add({ type: "block_delta", index: open.index, text })
  }

  readonly chunk = ({ text, tokens, type }: Chunk): void => {
    if (this.#stops.isReached) return
    this.#outputTokens += tokens.length
    if (type === "segment") return this.#add("thinking", text)
    this.#add("text", this.#stops.feed(text))
    if (this.#stops.isReached) this.#options.stop()
  }

  /** The prompt, which no stop ends. */
  echo(prompt: string): void {
    this.#add("text", prompt)
  }

  #add(kind: "text" | "thinking", text: string): void {
    if (text === "") return
    if (this.#open !== undefined && this.#open.kind !== kind) this.#end()
    this.#grow(this.#open ?? this.#begin(kind), text)
  }

  readonly callChunk = ({ callIndex, done, functionName, paramsChunk }: CallChunk): void => {
    if (this.#callIndex !== callIndex) {
      this.#end()
      this.#callIndex = callIndex
      this.#begin("tool_call", functionName)
    }
    if (this.#open?.kind === "tool_call") this.#grow(this.#open, paramsChunk)
    if (done) this.#end()
  }

  /** `countTokens`: of the calls, whose tokens nobody tells. */
  finish(stopReason: string, countTokens: (text: string) => number): void {
    this.#add("text", this.#stops.end())
    this.#end()
    const { degradations, promptTokens } = this.#options
    const calls = this.#content.flatMap((block) => block.type === "tool_call" ? [JSON.stringify(block["input"])] : [])
    const output_tokens = this.#outputTokens + calls.reduce((sum, text) => sum + countTokens(text), 0)
    const response: ChatResponse = {
      content: this.#content,
      finish_reason: this.#calls > 0 ? "tool_calls" : reasons[stopReason] ?? "stop",
      usage: { input_tokens: promptTokens, output_tokens, total_tokens: promptTokens + output_tokens },
      metadata: this.#metadata,
      ...degradations.length === 0 ? {} : { degradations }
    }
    this.#options.add({ type: "response", response })
  }
}
