/** What a model says, as parts of a stream: it tells them as they come, and all of it at its end. */
import type { Schema } from "effect"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse, Degradation } from "../../../kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../kernel/messages/ContentBlock.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import type { CallChunk, Chunk } from "./LlamaModule.ts"

export interface Options {
  readonly model: string
  /** So many calls of tools are in the conversation: those of this answer are numbered behind them. */
  readonly callsBefore: number
  readonly promptTokens: number
  readonly degradations: ReadonlyArray<Degradation>
  readonly add: (part: StreamPart) => void
}

interface Open {
  readonly index: number
  readonly kind: "text" | "thinking" | "tool_call"
  readonly name: string
  text: string
}

const reasons: Readonly<Record<string, string>> = { maxTokens: "length", functionCalls: "tool_calls" }

export class LlamaAnswer {
  readonly #options: Options
  readonly #content: Array<ContentBlock> = []
  #open: Open | undefined
  #callIndex: number | undefined
  #calls = 0
  #outputTokens = 0

  constructor(options: Options) {
    this.#options = options
    options.add({ type: "response_start", metadata: { model: options.model } })
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
    this.#outputTokens += tokens.length
    if (text === "") return
    const kind = type === "segment" ? "thinking" : "text"
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
    this.#end()
    const { degradations, model, promptTokens } = this.#options
    const calls = this.#content.flatMap((block) => block.type === "tool_call" ? [JSON.stringify(block["input"])] : [])
    const output_tokens = this.#outputTokens + calls.reduce((sum, text) => sum + countTokens(text), 0)
    const response: ChatResponse = {
      content: this.#content,
      finish_reason: this.#calls > 0 ? "tool_calls" : reasons[stopReason] ?? "stop",
      usage: { input_tokens: promptTokens, output_tokens, total_tokens: promptTokens + output_tokens },
      metadata: { model },
      ...degradations.length === 0 ? {} : { degradations }
    }
    this.#options.add({ type: "response", response })
  }
}
