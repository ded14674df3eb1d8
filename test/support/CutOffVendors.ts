/** Fake vendors of several dialects whose first answers are cut off. */
// oxlint-disable typescript/no-explicit-any -- answers of several dialects, read as they come
import type { Schema } from "effect"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import * as Vendors from "./Vendors.ts"

/** What the vendor says in each call; the last of them is whole. */
export const pieces = ["one, ", "two, ", "three."]
export const whole = pieces.join("")

interface Said {
  readonly text: string
  readonly isCut: boolean
  readonly n: number
  readonly stream: boolean
}

export interface Vendor {
  readonly entry: "anthropic" | "gemini" | "openai"
  readonly config?: Schema.JsonObject
  /** How many turns of the model stand at the end of what it was sent. */
  readonly said: (body: any) => string | undefined
  readonly answer: (said: Said) => ScriptedAnswer
}

const data = (values: ReadonlyArray<Schema.JsonObject>, named = false) =>
  Vendors.frames(values.map((value) => `${named ? `event: ${value["type"]}\n` : ""}data: ${JSON.stringify(value)}\n\n`))

/** A text in two deltas. */
const halves = (text: string) => [text.slice(0, 2), text.slice(2)]

export const vendors: Readonly<Record<string, Vendor>> = {
  Anthropic: {
    entry: "anthropic",
    said: ({ messages }) => {
      const last = messages.at(-1)
      return last.role === "assistant" ? last.content.at(-1).text : undefined
    },
    answer: ({ isCut, n, stream, text }) => {
      const stop_reason = isCut ? "max_tokens" : "end_turn"
      if (!stream) {
        return Vendors.message([{ type: "text", text }], {
          id: `msg_${n}`,
          stop_reason,
          usage: { input_tokens: 10, output_tokens: 5 }
        })
      }
      return data([
        {
          type: "message_start",
          message: {
            id: `msg_${n}`,
            type: "message",
            role: "assistant",
            model: "c",
            content: [],
            usage: { input_tokens: 10, output_tokens: 1 }
          }
        },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        ...halves(text).map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 5 } },
        { type: "message_stop" }
      ], true)
    }
  },
  Gemini: {
    entry: "gemini",
    said: ({ contents }) => contents.at(-1).role === "model" ? contents.at(-1).parts.at(-1).text : undefined,
    answer: ({ isCut, n, stream, text }) => {
      const chunk = (text: string, more: object) => ({
        responseId: `g_${n}`,
        modelVersion: "gemini",
        candidates: [{ index: 0, content: { role: "model", parts: [{ text }] }, ...more }],
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 }
      })
      const end = { finishReason: isCut ? "MAX_TOKENS" : "STOP" }
      const [first, second] = halves(text)
      return stream
        ? data([chunk(first!, {}), chunk(second!, end)])
        : ScriptedAnswer.json(200, chunk(text, end))
    }
  },
  OpenAI: {
    entry: "openai",
    said: ({ messages }) => {
      const { content, role } = messages.at(-1)
      return role === "assistant" ? typeof content === "string" ? content : content.at(-1).text : undefined
    },
    answer: ({ isCut, n, stream, text }) => {
      const finish_reason = isCut ? "length" : "stop"
      const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
      const head = { id: `chatcmpl-${n}`, created: 1, model: "m" }
      if (!stream) {
        const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason }]
        return ScriptedAnswer.json(200, { ...head, object: "chat.completion", choices, usage })
      }
      const chunk = (delta: Schema.JsonObject, finish_reason: string | null = null) => ({
        ...head,
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta, finish_reason }]
      })
      return ScriptedAnswer.events([
        ...halves(text).map((content) => chunk({ content })),
        chunk({}, finish_reason),
        { ...head, object: "chat.completion.chunk", choices: [], usage }
      ])
    }
  }
}
