/** A canonical answer as chat completion chunks, part by part. */
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import type { ContentBlock, ToolCallBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import * as CustomCall from "../../messages/CustomCall.ts"
import type { LlmFailure } from "../../messages/LlmFailure.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer, StreamOptions } from "../Dialect.ts"
import * as LowerMessage from "./LowerMessage.ts"
import * as LowerResponse from "./LowerResponse.ts"
import { SignedTexts } from "./SignedTexts.ts"
import * as ThinkingBlocks from "./ThinkingBlocks.ts"
import * as ThoughtPieces from "./ThoughtPieces.ts"
import * as ThoughtSignature from "./ThoughtSignature.ts"
import * as ToolArguments from "./ToolArguments.ts"
import * as WireUsage from "./WireUsage.ts"

const frame = (value: Schema.Json): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

/** An object that is not empty, without its end. */
const textOf = (head: Schema.JsonObject): string => JSON.stringify(head).slice(0, -1)

/** A vendor's error in OpenAI's words, whoever's it is. */
const errorOf = ({ code, kind, message, param, type }: LlmFailure): Schema.JsonObject => ({
  message,
  type: type ?? kind,
  param: param ?? null,
  code: code ?? type ?? kind
})

type Start = Extract<StreamPart, { readonly type: "block_start" }>

/** A block that has begun. */
interface Open {
  readonly kind: string
  readonly isCustom: boolean
  /** The number of a tool call among tool calls. */
  readonly call: number
  /** Of a thought. */
  readonly position: number
  /** Whether text of it is out. */
  hasText: boolean
}

const words = "reasoning_content"

/** More of a call: of a function's arguments, or of the text that a custom tool is called with. */
const grownBy = (isCustom: boolean, text: string): Schema.JsonObject =>
  isCustom ? { custom: { input: text } } : { function: { arguments: text } }

const wordsOf = (block: ToolCallBlock): string =>
  block.custom === true ? CustomCall.textOf(block) : ToolArguments.lower(block)

/** The deltas that say the rest of a block at its end. */
const deltasAtEnd = (block: ContentBlock, { call, hasText, position }: Open): ReadonlyArray<Schema.JsonObject> => {
  if (ThinkingBlocks.isThought(block)) {
    const thinking = !hasText && block.type === "thinking" && block.thinking !== "" ? [{ [words]: block.thinking }] : []
    return ThinkingBlocks.hasState(block)
      ? [...thinking, { [ThinkingBlocks.blocksField]: [ThinkingBlocks.whole({ block, position })] }]
      : thinking
  }
  if (isModeled(block) && block.type === "tool_call") {
    const given = LowerMessage.call(block)
    const fields = given["extra_content"] === undefined ? {} : { extra_content: given["extra_content"] }
    const written = hasText ? {} : grownBy(block.custom === true, wordsOf(block))
    const delta = { ...written, ...fields }
    return Object.keys(delta).length === 0 ? [] : [{ tool_calls: [{ index: call, ...delta }] }]
  }
  if (isModeled(block) && block.type === "text") {
    const name = block["refusal"] === true ? "refusal" : "content"
    return hasText || block.text === "" ? [] : [{ [name]: block.text }]
  }
  const part = LowerMessage.part(block)
  return part === undefined ? [] : [{ images: [part] }]
}

export const make = ({ includeUsage = true }: StreamOptions = {}): StreamLowerer => {
  let head: Schema.JsonObject = { ...LowerResponse.head({}), object: "chat.completion.chunk" }
  /** The head as JSON text, its last brace left out: chunks differ in their choices alone. */
  let headText = textOf(head)
  const open = new Map<number, Open>()
  const thoughts: Array<Schema.Json> = []
  const signed = new SignedTexts()
  let calls = 0
  let begun = false
  let hasContent = false

  const placeOf = (kind: string, isCustom = false): Open => ({
    kind,
    isCustom,
    call: kind === "tool_call" ? calls : -1,
    position: ThinkingBlocks.positionBehind(calls, hasContent),
    hasText: false
  })

  const chunk = (
    delta: Schema.JsonObject,
    finish_reason: string | null = null,
    more: Schema.JsonObject = {}
  ): Uint8Array => {
    const role = begun ? {} : { role: "assistant" }
    begun = true
    const choice = JSON.stringify({ index: 0, delta: { ...role, ...delta }, finish_reason, ...more })
    return Buffer.from(`data: ${headText},"choices":[${choice}]}\n\n`)
  }

  const start = ({ block, custom, id = "", index, name = "" }: Start) => {
    const isCall = block === "tool_call"
    open.set(index, placeOf(block, custom))
    hasContent ||= block === "text"
    const called = custom === true
      ? { type: "custom", custom: { name, input: "" } }
      : { type: "function", function: { name, arguments: "" } }
    const first = { index: calls, id, ...called }
    if (isCall) calls++
    return isCall ? [chunk({ tool_calls: [first] })] : []
  }

  const grow = (index: number, text: string, logprobs: ReadonlyArray<Schema.Json> = []): ReadonlyArray<Uint8Array> => {
    const block = open.get(index)
    if (block === undefined || (text === "" && !block.hasText)) return []
    block.hasText = true
    if (block.kind === "tool_call") {
      return [chunk({ tool_calls: [{ index: block.call, ...grownBy(block.isCustom, text) }] })]
    }
    const more = logprobs.length === 0 ? {} : { logprobs: LowerResponse.likely(logprobs) }
    return [chunk({ [block.kind === "thinking" ? words : "content"]: text }, null, more)]
  }

  /** The signature of a text: more texts may come, so it says where it stands. */
  const sign = (block: ContentBlock): ReadonlyArray<Uint8Array> => {
    if (!isModeled(block) || block.type !== "text" || block["refusal"] === true) return []
    signed.add(block.text, block.signature, calls)
    return block.signature == null ? [] : [chunk(ThoughtSignature.extraContent(signed.sealed, undefined))]
  }

  const end = (index: number, block: ContentBlock): ReadonlyArray<Uint8Array> => {
    const begin = open.has(index) || !isModeled(block) || block.type !== "tool_call"
      ? []
      : start({
        type: "block_start",
        index,
        block: block.type,
        id: block.id,
        name: block.name,
        ...(block.custom === true ? { custom: true } : {})
      })
    const deltas = deltasAtEnd(block, open.get(index) ?? placeOf(block.type))
    open.delete(index)
    addAll(thoughts, deltas.flatMap((delta) => delta[ThinkingBlocks.blocksField] ?? []))
    return [...begin, ...deltas.map((delta) => chunk(delta)), ...sign(block)]
  }

  const add = (part: StreamPart): ReadonlyArray<Uint8Array> => {
    switch (part.type) {
      case "response_start":
        head = { ...LowerResponse.head(part.metadata), object: "chat.completion.chunk" }
        headText = textOf(head)
        return []
      case "block_start":
        return start(part)
      case "block_delta":
        return grow(part.index, part.text, part.logprobs)
      case "block_end":
        return end(part.index, part.block)
      case "error":
        return [frame({ error: errorOf(part.failure) })]
      case "response": {
        const { response } = part
        const more = LowerResponse.rest(response)
        const usage = response.usage == null || !includeUsage ? undefined : WireUsage.lower(response.usage)
        head = { ...more, ...head }
        headText = textOf(head)
        return [
          // OpenAI's own client keeps the last value of a field that it does not know.
          ...(thoughts.length > 1 ? [chunk({ [ThinkingBlocks.blocksField]: ThoughtPieces.repeated(thoughts) })] : []),
          // A signature that comes again takes the place of the one before.
          ...(signed.signature === signed.sealed
            ? []
            : [chunk(ThoughtSignature.extraContent(signed.signature, undefined))]),
          chunk({}, LowerResponse.finishReason(response)),
          ...(usage === undefined ? [] : [frame({ ...head, choices: [], usage })])
        ]
      }
    }
  }
  return { add }
}
