/** A stream of the wire in the canonical model: part by part, and all of it at its end. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { asText, isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamRaiser } from "../Dialect.ts"
import type { SseFrame } from "../sse/SseFrame.ts"
import * as Errors from "./Errors.ts"
import * as Logprobs from "./Logprobs.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf } from "./ProtoNames.ts"
import type { Origin } from "./RaisePart.ts"
import * as RaisePart from "./RaisePart.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as SealedBehind from "./SealedBehind.ts"
import { StreamedAnswer, valueOf } from "./StreamedAnswer.ts"
import * as WireUsage from "./WireUsage.ts"

interface Open {
  readonly kind: "text" | "thinking"
  readonly index: number
  readonly logprobs: Array<Schema.Json>
  text: string
}

/** Numbers the blocks of an answer, and says when each begins, grows and ends. */
class Blocks {
  readonly whole: Array<ContentBlock> = []
  readonly #origin: Origin
  readonly #blockOf: ReturnType<typeof RaiseResponse.blocksOf>
  #next = 0
  #open: Open | undefined

  constructor(producer: string | undefined) {
    this.#origin = RaisePart.originOf(producer)
    this.#blockOf = RaiseResponse.blocksOf(this.#origin)
  }

  add(part: unknown, body: Fields): ReadonlyArray<StreamPart> {
    if (!isFields(part)) return []
    const kind = RaisePart.plainKind(part)
    if (RaisePart.saysNothing(part) && (kind === undefined || kind !== this.#open?.kind)) return []
    const sealed = SealedBehind.sealedIn(part)
    if (sealed !== undefined && this.#open?.kind === sealed.kind) return this.close(sealed)
    return kind === undefined
      ? [...this.close(), ...this.#complete(part, body)]
      : this.#grow(
        kind,
        asText(part["text"]),
        kind === "text" ? Logprobs.raise(RaiseResponse.firstCandidate(body)) : []
      )
  }

  #grow(kind: Open["kind"], text: string, logprobs: ReadonlyArray<Schema.Json>): ReadonlyArray<StreamPart> {
    const parts: Array<StreamPart> = []
    if (this.#open?.kind !== kind) {
      parts.push(...this.close())
      this.#open = { kind, index: this.#next++, logprobs: [], text: "" }
      parts.push({ type: "block_start", index: this.#open.index, block: kind })
    }
    this.#open.text += text
    addAll(this.#open.logprobs, logprobs)
    const delta = { type: "block_delta", index: this.#open.index, text } as const
    return [...parts, logprobs.length === 0 ? delta : { ...delta, logprobs }]
  }

  #complete(part: Fields, body: Fields): ReadonlyArray<StreamPart> {
    const block = this.#blockOf(part, body)
    if (block === undefined) return []
    const index = this.#next++
    this.whole.push(block)
    const { id, input, name, text, thinking, type } = block as unknown as Fields
    const isCall = type === "tool_call"
    const delta = isCall ? JSON.stringify(input) : type === "text" ? text : type === "thinking" ? thinking : ""
    return [
      {
        type: "block_start",
        index,
        block: asText(type),
        ...(isCall ? { id: asText(id), name: asText(name) } : {})
      },
      ...(Predicate.isString(delta) && delta !== "" ? [{ type: "block_delta" as const, index, text: delta }] : []),
      { type: "block_end", index, block }
    ]
  }

  close(sealed?: SealedBehind.Sealed): ReadonlyArray<StreamPart> {
    const open = this.#open
    if (open === undefined) return []
    this.#open = undefined
    const part = {
      text: open.text,
      ...(open.kind === "thinking" ? { thought: true } : {}),
      ...(sealed === undefined ? {} : { thoughtSignature: sealed.thoughtSignature })
    }
    const raised = this.#blockOf(part, {})
    if (raised === undefined) return []
    const block = open.logprobs.length === 0 ? raised : { ...raised, logprobs: open.logprobs } as ContentBlock
    this.whole.push(block)
    return [{ type: "block_end", index: open.index, block }]
  }
}

export const make = (producer?: string): StreamRaiser => {
  const answer = new StreamedAnswer()
  const blocks = new Blocks(producer)
  let begun = false
  let broken = false

  const begin = (body: Fields): ReadonlyArray<StreamPart> => {
    if (begun) return []
    begun = true
    const usage = WireUsage.raise(body["usageMetadata"])
    const metadata = RaiseResponse.metadataOf(body)
    return [{ type: "response_start", metadata, ...(usage === null ? {} : { usage }) }]
  }

  const add = ({ text }: SseFrame): ReadonlyArray<StreamPart> => {
    const value = broken ? undefined : valueOf(text)
    const error = Errors.errorIn(value)
    if (error !== undefined) {
      broken = true
      return [{ type: "error", error, failure: Errors.raise(200, value) }]
    }
    if (!isFields(value)) return []
    answer.add(value)
    const candidate = RaiseResponse.firstCandidate(value)
    const isFirst = candidate !== undefined && (candidate["index"] ?? 0) === 0
    const parts = isFirst ? listOf(fieldsOf(candidate["content"])["parts"]) : []
    return [...begin(value), ...parts.flatMap((part) => blocks.add(part, value))]
  }

  const end = (): ReadonlyArray<StreamPart> => {
    const body = answer.whole
    if (broken || body === undefined) return []
    const closing = blocks.close()
    if (RaiseResponse.firstCandidate(body) === undefined && !RaiseResponse.isBlocked(body)) return closing
    return [...closing, { type: "response", response: RaiseResponse.withBlocks(body, blocks.whole) }]
  }
  return { add, end }
}
