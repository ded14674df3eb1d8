/** A conversation as llama.cpp has it: a model's turn holds its calls of tools with what came of them. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import type { ChatRequest } from "../../../kernel/messages/ChatRequest.ts"
import type { ContentBlock, ToolCallBlock, ToolResultBlock } from "../../../kernel/messages/ContentBlock.ts"
import { isModeled, wireTypeOf } from "../../../kernel/messages/ContentBlock.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import type { Message } from "../../../kernel/messages/Message.ts"
import { blocksOf } from "../../../kernel/messages/Message.ts"
import type { FunctionCall, HistoryItem, Segment } from "./LlamaModule.ts"

type Results = ReadonlyMap<string, ToolResultBlock>

/** Thoughts of others say nothing to this model, and are no part of its turn. */
const unspoken: ReadonlySet<string> = new Set(["redacted_thinking", "reasoning"])

const textOf = (block: ContentBlock): string | undefined =>
  isModeled(block) && block.type === "text" ? block.text : undefined

const impossible = (block: ContentBlock, index: number): LlmError =>
  LlmErrors.of({
    kind: "invalid_request",
    message: `messages.${index}.content: a model in this process reads text, and no ${
      wireTypeOf(block)
    }. Leave it out.`,
    param: `messages.${index}.content`
  })

/** What came of a call, as text where it is text. */
const outputOf = (result: ToolResultBlock | undefined): Schema.Json => {
  const output = result?.output ?? ""
  if (!Array.isArray(output)) return output
  const texts = output.map((each) => Predicate.hasProperty(each, "text") ? each.text : undefined)
  return texts.every(Predicate.isString) ? texts.join("") : output
}

const callOf = ({ id, input, name }: ToolCallBlock, results: Results): FunctionCall => ({
  type: "functionCall",
  name,
  params: input,
  result: outputOf(results.get(id))
})

const spoken = (block: ContentBlock, results: Results): string | FunctionCall | Segment | undefined => {
  if (!isModeled(block)) return undefined
  if (block.type === "tool_call") return callOf(block, results)
  if (block.type !== "thinking") return textOf(block)
  return { type: "segment", segmentType: "thought", text: block.thinking, ended: true }
}

const words = (message: Message, index: number): Result.Result<string, LlmError> => {
  const texts: Array<string> = []
  for (const block of blocksOf(message)) {
    const text = textOf(block)
    if (text === undefined) return Result.fail(impossible(block, index))
    texts.push(text)
  }
  return Result.succeed(texts.join("\n"))
}

const modelTurn = (message: Message, index: number, results: Results): Result.Result<HistoryItem, LlmError> => {
  const response: Array<string | FunctionCall | Segment> = []
  for (const block of blocksOf(message)) {
    const part = spoken(block, results)
    if (part !== undefined) response.push(part)
    else if (!unspoken.has(block.type)) return Result.fail(impossible(block, index))
  }
  return Result.succeed({ type: "model", response })
}

const isToolsTurn = (message: Message): boolean => message.role === "tool" || message.role === "function"

const resultsIn = (messages: ReadonlyArray<Message>): Results =>
  new Map(
    messages.flatMap(blocksOf).flatMap((block) =>
      isModeled(block) && block.type === "tool_result" ? [[block.tool_call_id, block] as const] : []
    )
  )

/** Turns of a model that only results stand between are one. */
const joined = (items: ReadonlyArray<HistoryItem>): ReadonlyArray<HistoryItem> => {
  const history: Array<HistoryItem> = []
  for (const item of items) {
    const last = history.at(-1)
    if (last?.type === "model" && item.type === "model") addAll(last.response, item.response)
    else history.push(item)
  }
  return history
}

export const of = ({ messages }: ChatRequest): Result.Result<ReadonlyArray<HistoryItem>, LlmError> => {
  const results = resultsIn(messages)
  const items: Array<HistoryItem> = []
  for (const [index, message] of messages.entries()) {
    if (isToolsTurn(message)) continue
    const item = message.role === "assistant"
      ? modelTurn(message, index, results)
      : Result.map(
        words(message, index),
        (text): HistoryItem => message.role === "user" ? { type: "user", text } : { type: "system", text }
      )
    if (Result.isFailure(item)) return Result.fail(item.failure)
    items.push(item.success)
  }
  const history = joined(items)
  return Result.succeed(history.at(-1)?.type === "model" ? history : [...history, { type: "model", response: [] }])
}
