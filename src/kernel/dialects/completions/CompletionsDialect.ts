/**
 * OpenAI's text completions as a dialect. Its answers can be read, its requests pass as they are: a prompt is no
 * conversation, and none is made of it.
 */
import { Result } from "effect"
import type { Schema } from "effect"
import { field, parse } from "../../../events/types/JsonAccess.ts"
import { chat } from "../chat/ChatDialect.ts"
import * as ChatSummary from "../chat/ChatSummary.ts"
import type { Dialect, StreamRaiser, WireConversation } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { SseFrame } from "../sse/SseFrame.ts"
import { CompletionRequest } from "./CompletionsWire.ts"
import { addContext } from "./PromptContext.ts"
import * as TextChoices from "./TextChoices.ts"

const name = "completions"

const noConversation = () =>
  Result.fail(new NotOfDialect({ dialect: name, param: "messages", detail: "messages: it takes one prompt" }))

const frameOf = (value: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

/** A frame of text as one of a chat. */
const asChat = (frame: SseFrame): SseFrame => {
  const value = parse(frame.data ?? "")
  return value === undefined ? frame : new SseFrame(frameOf(TextChoices.toChat(value, "delta")))
}

const raiseStream = (producer?: string): StreamRaiser => {
  const { add, end } = chat.raise.stream(producer)
  return { add: (frame) => add(asChat(frame)), end }
}

/** A frame of a stream is written as a whole answer is. */
const bodyAsStream = (text: string): ReadonlyArray<Uint8Array> | undefined => {
  const body = parse(text)
  return Array.isArray(field(body, "choices")) ? [frameOf(body), chat.lastFrame] : undefined
}

const countOf = (prompt: unknown): number =>
  Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt.length : prompt == null ? 0 : 1

const conversation: WireConversation = {
  messages: () => null,
  answer: () => undefined,
  toolCalls: () => [],
  toolResults: () => [],
  replaceToolResults: (message) => message,
  toolResult: (id, content) => ({ role: "tool", tool_call_id: id, content }),
  addContext,
  request: (before, model) => ({ ...before, model })
}

const { endingOf, errors, failureIn, failureOf, isLastFrame, lastFrame, mark, streamOptions } = chat

export const completions: Dialect = {
  name,
  operation: "text_completion",
  path: () => "/completions",
  lastFrame,
  mark,
  isLastFrame,
  ...endingOf === undefined ? {} : { endingOf },
  failureOf,
  failureIn,
  bodyAsStream,
  requestSchema: CompletionRequest as unknown as Schema.Codec<unknown, unknown>,
  ...streamOptions === undefined ? {} : { streamOptions },
  lower: {
    request: noConversation,
    response: (response) => TextChoices.fromChat(chat.lower.response(response)),
    stream: (options) => {
      const { add } = chat.lower.stream(options)
      return { add: (part) => add(part).map((frame) => frameOf(TextChoices.fromChat(dataIn(frame)))) }
    }
  },
  raise: {
    request: noConversation,
    response: (body, producer) => chat.raise.response(TextChoices.toChat(body, "message"), producer),
    stream: raiseStream
  },
  errors,
  summary: {
    request: (body) => {
      const { prompt, stream } = Object(body) as Readonly<Record<string, unknown>>
      return { stream: stream === true, message_count: countOf(prompt), tool_count: 0 }
    },
    answer: ChatSummary.ofAnswer
  },
  conversation
}

const dataIn = (frame: Uint8Array): unknown => parse(new SseFrame(frame).data ?? "")
