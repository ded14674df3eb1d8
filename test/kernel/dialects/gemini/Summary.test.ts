/** What the default events of a call say, of whatever Google answers. */
import { assert, describe, it } from "@effect/vitest"
import type { Frame } from "../../../../src/events/types/Traffic.ts"
import * as Summary from "../../../../src/kernel/dialects/gemini/Summary.ts"

const nothing = { response_id: null, response_model: null, finish_reason: null, usage: null }
const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 }
const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
const head = { responseId: "r1", modelVersion: "gemini" }
const content = { parts: [{ text: "Hi" }] }
const answer = { ...head, usageMetadata, candidates: [{ content, finishReason: "STOP" }] }
const summary = { response_id: "r1", response_model: "gemini", finish_reason: "stop", usage }
const calls = { parts: [{ functionCall: { name: "f" } }] }

const bodies: ReadonlyArray<readonly [string, unknown, unknown]> = [
  ["a complete answer", answer, summary],
  ["a call", { ...answer, candidates: [{ content: calls, finishReason: "STOP" }] }, {
    ...summary,
    finish_reason: "tool_calls"
  }],
  ["a prompt that is blocked", { ...head, promptFeedback: { blockReason: "SAFETY" } }, {
    ...summary,
    usage: null,
    finish_reason: "content_filter"
  }],
  ["a word of Google's own", { ...answer, candidates: [{ finishReason: "OTHER" }] }, {
    ...summary,
    finish_reason: "OTHER"
  }],
  ["no JSON", undefined, nothing],
  ["a list", [answer], nothing],
  ["fields of other types", { responseId: 1, modelVersion: null, candidates: {}, usageMetadata: "x" }, nothing],
  ["thoughts, a cache, and what tools read", {
    usageMetadata: {
      ...usageMetadata,
      thoughtsTokenCount: 3,
      cachedContentTokenCount: 4,
      toolUsePromptTokenCount: 2,
      totalTokenCount: 20
    }
  }, {
    ...nothing,
    usage: { input_tokens: 12, output_tokens: 8, total_tokens: 20, reasoning_tokens: 3, cache_read_tokens: 4 }
  }],
  ["usage without a total", { usageMetadata: { promptTokenCount: 7 } }, {
    ...nothing,
    usage: { input_tokens: 7, output_tokens: 0, total_tokens: 7 }
  }]
]

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`
const delta = frame({ ...head, candidates: [{ content }] })

const streams: ReadonlyArray<readonly [string, ReadonlyArray<string>, unknown]> = [
  ["all in the last frame", [delta, frame(answer)], summary],
  ["usage behind the finish", [delta, frame({ candidates: answer.candidates }), frame({ usageMetadata })], summary],
  ["a call before the finish", [frame({ candidates: [{ content: calls }] }), frame(answer)], {
    ...summary,
    finish_reason: "tool_calls"
  }],
  ["a text that looks like a call", [
    frame({ candidates: [{ content: { parts: [{ text: "\"functionCall\":" }] } }] }),
    frame(answer)
  ], summary],
  ["no end", [delta, delta], { ...summary, finish_reason: null, usage: null }],
  ["a frame that is torn", [frame(answer), "data: {\"responseId\":"], summary],
  ["comments", [": ping\n\n", frame(answer), ": bye\n\n"], summary],
  ["nothing", [], nothing]
]

describe("Summary", () => {
  it.each(bodies)("reads %s", (_, json, expected) => {
    assert.deepStrictEqual(Summary.ofAnswer({ status: 200, json, frames: undefined }), expected)
  })

  it.each(streams)("reads a stream with %s", (_, frames, expected) => {
    const timed = frames.map((text, index): Frame => [index, text])
    assert.deepStrictEqual(Summary.ofAnswer({ status: 200, json: undefined, frames: timed }), expected)
  })

  it.each([
    [{ contents: [{}, {}], tools: [{ functionDeclarations: [{}, {}] }, { googleSearch: {} }] }, 2, 3],
    [{ contents: [{}], tools: [{ function_declarations: [{}], codeExecution: {} }] }, 1, 2],
    [{ contents: null, tools: {} }, 0, 0],
    [undefined, 0, 0]
  ])("counts turns and tools of %j", (body, message_count, tool_count) => {
    assert.deepStrictEqual(Summary.ofRequest(body), { stream: false, message_count, tool_count })
  })
})
