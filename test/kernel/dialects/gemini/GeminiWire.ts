/** Pieces of Gemini's wire, and what reads and writes them, for tests of its dialect. */
import { assert } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

export const user = { role: "user", parts: [{ text: "Hello?" }] }
export const signed = (part: Schema.JsonObject, thoughtSignature: string) => ({ ...part, thoughtSignature })
export const call = (name: string, args: Schema.JsonObject, id?: string) => ({
  functionCall: { name, args, ...(id === undefined ? {} : { id }) }
})
export const result = (name: string, response: Schema.JsonObject, id?: string) => ({
  functionResponse: { name, response, ...(id === undefined ? {} : { id }) }
})

export const raised = (body: unknown) => Result.getOrThrow(gemini.raise.request(body))
export const lowered = (request: ChatRequest) => Result.getOrThrow(gemini.lower.request(request))

export const head = { responseId: "r1", modelVersion: "gemini-3-flash", createTime: "2026-04-08T13:28:39.904801Z" }
export const usageMetadata = {
  promptTokenCount: 10,
  candidatesTokenCount: 5,
  thoughtsTokenCount: 3,
  cachedContentTokenCount: 4,
  toolUsePromptTokenCount: 2,
  totalTokenCount: 20,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 10 }],
  trafficType: "ON_DEMAND"
}
export const usage = { input_tokens: 12, output_tokens: 8, total_tokens: 20, reasoning_tokens: 3, cache_read_tokens: 4 }
export const content = (...parts: ReadonlyArray<Schema.JsonObject>) => ({ role: "model", parts })

export const raisedAnswer = (body: unknown, producer?: string) =>
  Result.getOrThrow(gemini.raise.response(body, producer))

export const frame = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`

export const raisedStream = (text: string | Uint8Array, producer?: string): ReadonlyArray<StreamPart> => {
  const raiser = gemini.raise.stream(producer)
  const reader = new SseReader()
  const frames = [...reader.feed(Buffer.from(text)), ...reader.end()]
  return [...frames.flatMap((each) => raiser.add(each)), ...raiser.end()]
}

export const responseOf = (parts: ReadonlyArray<StreamPart>) => {
  const last = parts.at(-1)
  assert.strictEqual(last?.type, "response")
  return last?.type === "response" ? last.response : undefined
}
