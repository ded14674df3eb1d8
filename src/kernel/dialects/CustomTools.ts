/**
 * Tools that take text and no JSON. Vendors that have them are told of them as they are; to all others each is a function
 * with one text, and its calls are read as calls of what it is.
 */
import { Predicate, Result } from "effect"
import { field, isFields, listOf } from "../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ContentBlock, ToolCallBlock } from "../messages/ContentBlock.ts"
import { isModeled } from "../messages/ContentBlock.ts"
import * as CustomCall from "../messages/CustomCall.ts"
import type { Message } from "../messages/Message.ts"
import { optionsFor } from "../messages/ProviderOptions.ts"
import type { StreamPart } from "../messages/StreamPart.ts"
import type { ToolSpec } from "../messages/Tools.ts"
import { CustomInput } from "./CustomInput.ts"
import type { Dialect, StreamRaiser } from "./Dialect.ts"
import { NotOfDialect } from "./NotOfDialect.ts"
import * as OtherCalls from "./responses/OtherCalls.ts"

/** Of a request's tools. */
export const namesOf = ({ tools }: Pick<ChatRequest, "tools">): ReadonlySet<string> =>
  new Set((tools ?? []).flatMap(({ custom, name }) => custom == null ? [] : [name]))

const isCall = (block: ContentBlock): block is ToolCallBlock => isModeled(block) && block.type === "tool_call"

/** As the conversation says it, or as one of Responses does. */
const isCustom = (block: ToolCallBlock): boolean =>
  block.custom === true || optionsFor("responses", block)["type"] === OtherCalls.custom

const withCalls = (
  messages: ReadonlyArray<Message>,
  change: (call: ToolCallBlock) => ToolCallBlock
): ReadonlyArray<Message> =>
  messages.map((message) => {
    if (message.role !== "assistant" || Predicate.isString(message.content)) return message
    return { ...message, content: message.content.map((block) => isCall(block) ? change(block) : block) }
  })

const asFunction = (spec: ToolSpec): ToolSpec => spec.custom == null ? spec : { ...spec, custom: null }

const asFunctionCall = (call: ToolCallBlock): ToolCallBlock => call.custom === true ? { ...call, custom: false } : call

const isGrammar = (format: unknown): boolean => isFields(format) && format["type"] === "grammar"

const ofGrammar = "takes text that keeps to a grammar"

/** The request as a vendor of the dialect is told of it: one of its client's own dialect judges it itself. */
export const forVendor = (
  request: ChatRequest,
  { lower, name: dialect }: Dialect,
  client: Dialect
): Result.Result<ChatRequest, NotOfDialect> => {
  if (client.name === dialect && lower.keepsBlocks !== true) return Result.succeed(request)
  const { messages, tools } = request
  const names = namesOf(request)
  if (lower.customTools === true) {
    // A conversation that was had without the tools has calls of functions.
    const change = (call: ToolCallBlock) =>
      names.has(call.name) && isCustom(call) ? { ...call, custom: true } : asFunctionCall(call)
    return Result.succeed(names.size === 0 ? request : { ...request, messages: withCalls(messages, change) })
  }
  const held = (tools ?? []).find(({ custom }) => isGrammar(custom))
  if (held !== undefined) {
    const detail = `the tool ${held.name} ${ofGrammar}: send its format as {"type": "text"}, and say in its ` +
      "description what the text is to be"
    return Result.fail(new NotOfDialect({ dialect, detail, param: "tools" }))
  }
  const hasCalls = messages.some(({ content }) =>
    !Predicate.isString(content) && content.some((block) => isCall(block) && block.custom === true)
  )
  if (names.size === 0 && !hasCalls) return Result.succeed(request)
  return Result.succeed({
    ...request,
    messages: withCalls(messages, asFunctionCall),
    ...tools == null ? {} : { tools: tools.map(asFunction) }
  })
}

/** The place of the grammar that a refusal is about, among the tools as a client wrote them; undefined: it is of no grammar. */
export const placeIn = (
  { message, param }: { readonly message: string; readonly param?: string | null | undefined },
  tools: unknown
): string | undefined => {
  if (param !== "tools" || !message.includes(ofGrammar)) return undefined
  for (const [at, tool] of listOf(tools).entries()) {
    if (isGrammar(field(tool, "format"))) return `tools[${at}].format`
    if (isGrammar(field(field(tool, "custom"), "format"))) return `tools[${at}].custom.format`
  }
  return undefined
}

/** The same refusal by that place. */
export const placed = (error: NotOfDialect, tools: unknown): NotOfDialect => {
  const param = placeIn(error, tools)
  return param === undefined ? error : new NotOfDialect({ dialect: error.dialect, detail: error.detail, param })
}

/** A call of a vendor that has such tools, where its dialect keeps it whole. */
const keptCall = (block: ContentBlock): ToolCallBlock | undefined => {
  const { block: item, producer_model } = block
  const call = block.type === "responses_block" && isFields(item) ? OtherCalls.raiseCall(item) : undefined
  return call === undefined || !isCall(call) || !isCustom(call)
    ? undefined
    : { ...call, ...producer_model === undefined ? {} : { producer_model }, custom: true }
}

const read = (block: ContentBlock, names: ReadonlySet<string>): ContentBlock => {
  if (!isCall(block)) return keptCall(block) ?? block
  if (block.custom === true || !names.has(block.name)) return block
  const { arguments: _, ...call } = block
  return { ...call, input: CustomCall.inputOf(CustomCall.textOf(block)), custom: true }
}

type Start = Extract<StreamPart, { readonly type: "block_start" }>

/** What grows as JSON grows as the text in it; what came whole begins when it is known what it is. */
class CustomParts {
  readonly #names: ReadonlySet<string>
  readonly #texts = new Map<number, CustomInput>()
  readonly #held = new Map<number, Start>()

  constructor(names: ReadonlySet<string>) {
    this.#names = names
  }

  readonly add = (part: StreamPart): ReadonlyArray<StreamPart> => {
    switch (part.type) {
      case "block_start":
        return this.#start(part)
      case "block_delta": {
        const { index, text: json } = part
        const text = this.#texts.get(index)?.add(json)
        return text === undefined ? [part] : text === "" ? [] : [{ type: part.type, index, text }]
      }
      case "block_end": {
        const { index } = part
        const block = read(part.block, this.#names)
        const held = this.#held.get(index)
        this.#texts.delete(index)
        this.#held.delete(index)
        const start = held === undefined ? [] : [isCall(block) ? { ...held, ...startOf(block) } : held]
        return [...start, { ...part, block }]
      }
      case "response": {
        const { response } = part
        return [{
          ...part,
          response: { ...response, content: response.content.map((block) => read(block, this.#names)) }
        }]
      }
      default:
        return [part]
    }
  }

  #start(part: Start): ReadonlyArray<StreamPart> {
    const { block, custom, index, name = "" } = part
    if (block === "responses_block") {
      this.#held.set(index, part)
      return []
    }
    if (block !== "tool_call" || custom === true || !this.#names.has(name)) return [part]
    this.#texts.set(index, new CustomInput())
    return [{ ...part, custom: true }]
  }
}

const startOf = ({ id, name, type: block }: ToolCallBlock) => ({ block, id, name, custom: true })

const readingStream = ({ add, end }: StreamRaiser, names: ReadonlySet<string>): StreamRaiser => {
  const parts = new CustomParts(names)
  return { add: (frame) => add(frame).flatMap(parts.add), end: () => end().flatMap(parts.add) }
}

/** A vendor's dialect whose answers have calls of such tools as what they are; of none it is the same. */
export const reading = (vendor: Dialect, names: ReadonlySet<string>): Dialect =>
  names.size === 0 ? vendor : {
    ...vendor,
    raise: {
      ...vendor.raise,
      response: (body, producer) =>
        Result.map(
          vendor.raise.response(body, producer),
          (response) => ({ ...response, content: response.content.map((block) => read(block, names)) })
        ),
      stream: (producer) => readingStream(vendor.raise.stream(producer), names)
    }
  }
