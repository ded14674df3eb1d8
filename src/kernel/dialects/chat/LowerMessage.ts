/** A message's blocks as chat completions have them: results of tools are messages of their own. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type {
  ContentBlock,
  ImageBlock,
  TextBlock,
  ToolCallBlock,
  ToolResultBlock
} from "../../messages/ContentBlock.ts"
import { isModeled, isTextOrImage, wireTypeOf } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as CustomTool from "./CustomTool.ts"
import * as ImageUrl from "./ImageUrl.ts"
import type { Losses } from "./Losses.ts"
import { dropped } from "./Losses.ts"
import { SignedTexts } from "./SignedTexts.ts"
import * as ThinkingBlocks from "./ThinkingBlocks.ts"
import * as ThoughtSignature from "./ThoughtSignature.ts"
import * as ToolArguments from "./ToolArguments.ts"

/** A mark of the cache stands among the options where it came in this dialect: OpenAI itself refuses it. */
const text = (block: TextBlock): Schema.JsonObject => {
  const { part, signed: _, ...options } = optionsFor("chat", block)
  return block["refusal"] === true && part === true
    ? { ...options, type: "refusal", refusal: block.text }
    : { ...options, type: "text", text: block.text }
}

/** Undefined for an image that no URL names. */
const image = (block: ImageBlock): Schema.JsonObject | undefined => {
  const { image_url: more, ...options } = optionsFor("chat", block)
  const url = ImageUrl.urlOf(block.source)
  const detail = block["detail"]
  if (url === undefined) return undefined
  return {
    ...options,
    type: "image_url",
    image_url: { url, ...(Predicate.isString(detail) ? { detail } : {}), ...(isFields(more) ? more : {}) }
  }
}

export const part = (block: ContentBlock): Schema.JsonObject | undefined => {
  if (!isModeled(block)) {
    const given = block["block"]
    return block.type === "chat_block" && isFields(given) ? given : undefined
  }
  return block.type === "text" ? text(block) : block.type === "image" ? image(block) : undefined
}

/** Whether a signature may go to a vendor: one of another dialect is good there alone. */
const isGood = (block: ContentBlock): boolean => {
  const { producer_dialect: dialect } = block
  return dialect == null || dialect === "chat" || ThoughtSignature.cameInChat(block)
}

export const call = (block: ToolCallBlock): Schema.JsonObject => {
  const { custom, extra_content, function: more, signed: _, ...options } = optionsFor("chat", block)
  return {
    id: block.id,
    ...(block.custom === true ? CustomTool.lowerCall(block, custom) : {
      type: "function",
      function: { name: block.name, arguments: ToolArguments.lower(block), ...(isFields(more) ? more : {}) }
    }),
    ...options,
    ...ThoughtSignature.extraContent(block.signature, extra_content)
  }
}

/** The fields of a message that blocks become. */
export interface Lowered {
  readonly parts: Array<Schema.JsonObject>
  readonly calls: Array<Schema.Json>
  readonly results: Array<ToolResultBlock>
  readonly thoughts: Array<ThinkingBlocks.Placed>
  readonly refusals: Array<string>
  readonly signed: SignedTexts
  readonly others: Array<ContentBlock>
}

const isRefusal = (block: TextBlock): boolean => block["refusal"] === true && optionsFor("chat", block)["part"] !== true

/** Where the next thought stands. */
const positionIn = ({ calls, parts, refusals }: Lowered): number =>
  ThinkingBlocks.positionBehind(calls.length, parts.length + refusals.length > 0)

export const blocks = (given: ReadonlyArray<ContentBlock>): Lowered => {
  const lowered: Lowered = {
    parts: [],
    calls: [],
    results: [],
    thoughts: [],
    refusals: [],
    signed: new SignedTexts(),
    others: []
  }
  for (const block of given) {
    const written = part(block)
    if (isModeled(block)) {
      if (block.type === "text" && isRefusal(block)) lowered.refusals.push(block.text)
      else if (written !== undefined) lowered.parts.push(written)
      else if (block.type === "tool_call") lowered.calls.push(call(block))
      else if (block.type === "tool_result") lowered.results.push(block)
      else if (ThinkingBlocks.isThought(block)) lowered.thoughts.push({ block, position: positionIn(lowered) })
      else lowered.others.push(block)
      if (block.type === "text" && !isRefusal(block)) {
        lowered.signed.add(block.text, block.signature, lowered.calls.length)
      }
    } else if (written !== undefined) lowered.parts.push(written)
    else if (block.type === "chat_tool_call") lowered.calls.push(block["block"] ?? null)
    else lowered.others.push(block)
  }
  return lowered
}

/** One plain text is written as text; nothing is null beside tool calls. */
export const contentOf = ({ calls, parts, refusals }: Lowered): Schema.Json => {
  const [first] = parts
  if (first === undefined) return calls.length + refusals.length > 0 ? null : ""
  const plain = parts.length === 1 && first["type"] === "text" && Object.keys(first).length === 2
  return plain ? first["text"] ?? "" : parts
}

/** What stands in a message beside its content, whoever reads it. */
export const besides = (
  { calls, refusals }: Lowered,
  signature: string | undefined,
  extra?: Schema.Json
): Schema.JsonObject => ({
  ...(calls.length === 0 ? {} : { tool_calls: calls }),
  ...(refusals.length === 0 ? {} : { refusal: refusals.join("") }),
  ...ThoughtSignature.extraContent(signature, extra)
})

const isPart = (value: unknown): value is ContentBlock =>
  isTextOrImage(value) || (isFields(value) && value["type"] === "chat_block")

/** What a tool gave, and images that its message can't hold. */
interface Result {
  readonly content: Schema.Json
  readonly images: ReadonlyArray<Schema.JsonObject>
}

/**
 * OpenAI's document has nothing but text in a tool's message: images follow in one of the user's. That the tool failed
 * stands in its words alone: there is no field for it.
 */
const output = ({ output, ...block }: ToolResultBlock): Result => {
  if (Predicate.isString(output)) return { content: output, images: [] }
  if (!Array.isArray(output) || output.length === 0 || !output.every(isPart)) {
    return { content: JSON.stringify(output), images: [] }
  }
  const written = output.map(part).filter(Predicate.isNotUndefined)
  if (optionsFor("chat", block)["whole"] === true) return { content: written, images: [] }
  const [texts, images] = [
    written.filter(({ type }) => type === "text"),
    written.filter(({ type }) => type !== "text")
  ]
  const name = `the result of ${block.tool_call_id}`
  return {
    content: texts.length === 0 ? `${name} is the image below` : texts,
    images: images.length === 0 ? [] : [{ type: "text", text: `Of ${name}:` }, ...images]
  }
}

/** Results of a turn, and behind all of them their images. */
export interface Results {
  readonly messages: ReadonlyArray<Schema.JsonObject>
  readonly images: ReadonlyArray<Schema.JsonObject>
}

const results = (given: ReadonlyArray<ToolResultBlock>, message: Message, losses: Losses): Results => {
  const outputs = given.map(output)
  const images = outputs.flatMap((each) => each.images)
  if (images.length > 0) {
    losses.degradations.push({
      requested: "images in a tool's result",
      actual: "images in a message of the user behind it",
      reason: "a tool's message holds nothing but text"
    })
  }
  const messages = given.map((block, index) => ({
    role: "tool",
    ...(message.name == null ? {} : { name: message.name }),
    ...Struct.omit(optionsFor("chat", block), ["whole"]),
    tool_call_id: block.tool_call_id,
    content: outputs[index]!.content
  }))
  return { messages, images }
}

export interface LoweredMessage extends Results {
  /** What of the message is no result. */
  readonly rest: ReadonlyArray<Schema.JsonObject>
}

/** Without the signatures of other dialects; what a block says stays. */
const unsigned = (given: ReadonlyArray<ContentBlock>, losses: Losses): ReadonlyArray<ContentBlock> =>
  given.map((block) => {
    if (!isModeled(block) || (block.type !== "text" && block.type !== "tool_call")) return block
    if (block.signature == null || isGood(block)) return block
    losses.degradations.push({
      requested: `the signature of ${block.producer_model ?? "another vendor's model"}`,
      actual: "without it",
      reason: `it is good in the dialect ${block.producer_dialect} alone`
    })
    return { ...block, signature: null }
  })

/** For a vendor: what it can't be told is a loss. */
export const message = (given: Message, losses: Losses): LoweredMessage => {
  const { name, role, tool_call_id } = given
  const lowered = blocks(unsigned(blocksOf(given), losses))
  for (const block of lowered.others) {
    if (role === "user") losses.impossible.push(`the user's ${wireTypeOf(block)}`)
    else losses.degradations.push(dropped(block, "chat"))
  }
  for (const { block } of lowered.thoughts) {
    if (!ThinkingBlocks.isSent(block)) losses.degradations.push(dropped(block, "chat"))
  }
  const { images, messages } = results(lowered.results, given, losses)
  const { parts } = lowered
  const isSilent = parts.length + lowered.calls.length + lowered.refusals.length === 0
  const isLeftOut = lowered.others.length > 0 && !lowered.thoughts.some(({ block }) => ThinkingBlocks.isSent(block))
  if (isSilent && (messages.length > 0 || isLeftOut)) return { messages, images, rest: [] }
  const { extra_content, ...options } = optionsFor("chat", given)
  return {
    messages,
    images,
    rest: [{
      ...options,
      role: role === "tool" && tool_call_id == null ? "user" : role,
      content: contentOf(lowered),
      ...besides(lowered, lowered.signed.last, extra_content),
      ...ThinkingBlocks.sent(lowered.thoughts.map(({ block }) => block)),
      ...(name == null ? {} : { name }),
      ...(tool_call_id == null ? {} : { tool_call_id })
    }]
  }
}
