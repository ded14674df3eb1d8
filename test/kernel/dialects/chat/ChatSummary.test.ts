/** What the default events of a chat call say, of whatever a vendor answers. */
import { assert, describe, it } from "@effect/vitest"
import type { Frame } from "../../../../src/events/types/Traffic.ts"
import * as ChatSummary from "../../../../src/kernel/dialects/chat/ChatSummary.ts"

const nothing = { response_id: null, response_model: null, finish_reason: null, usage: null }
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const counted = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
const stop = [{ index: 0, finish_reason: "stop" }]
const answer = { id: "c1", model: "gpt", choices: stop, usage }
const summary = { response_id: "c1", response_model: "gpt", finish_reason: "stop", usage: counted }

const bodies: ReadonlyArray<{ readonly name: string; readonly json: unknown; readonly expected: unknown }> = [
  { name: "a complete answer", json: answer, expected: summary },
  { name: "no JSON", json: undefined, expected: nothing },
  { name: "a list", json: [answer], expected: nothing },
  { name: "an empty object", json: {}, expected: nothing },
  { name: "fields of other types", json: { id: 1, model: null, choices: {}, usage: "x" }, expected: nothing },
  { name: "no choices", json: { ...answer, choices: [] }, expected: { ...summary, finish_reason: null } },
  { name: "usage that is null", json: { ...answer, usage: null }, expected: { ...summary, usage: null } },
  {
    name: "usage without a total",
    json: { ...answer, usage: { prompt_tokens: 10, completion_tokens: 5 } },
    expected: summary
  },
  {
    name: "usage of an answer without tokens",
    json: { ...answer, usage: { prompt_tokens: 10, total_tokens: 10 } },
    expected: { ...summary, usage: { input_tokens: 10, output_tokens: 0, total_tokens: 10 } }
  },
  {
    name: "tokens read from a cache and spent on reasoning",
    json: {
      ...answer,
      usage: {
        ...usage,
        prompt_tokens_details: { cached_tokens: 8 },
        completion_tokens_details: { reasoning_tokens: 3 }
      }
    },
    expected: { ...summary, usage: { ...counted, cache_read_tokens: 8, reasoning_tokens: 3 } }
  },
  {
    name: "details that are null",
    json: { ...answer, usage: { ...usage, prompt_tokens_details: null, completion_tokens_details: {} } },
    expected: summary
  }
]

const chunk = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
const delta = chunk({ id: "c1", model: "gpt", choices: [{ index: 0, delta: { content: "x" }, finish_reason: null }] })
const finish = chunk({ id: "c1", model: "gpt", choices: stop })
const total = chunk({ id: "c1", model: "gpt", choices: [], usage })
const done = "data: [DONE]\n\n"

const streams: ReadonlyArray<
  { readonly name: string; readonly frames: ReadonlyArray<string>; readonly expected: unknown }
> = [
  { name: "usage in a frame of its own", frames: [delta, delta, finish, total, done], expected: summary },
  { name: "usage in the last chunk", frames: [delta, chunk(answer), done], expected: summary },
  { name: "no usage", frames: [delta, finish, done], expected: { ...summary, usage: null } },
  { name: "no [DONE]", frames: [delta, finish, total], expected: summary },
  {
    name: "frames without a space",
    frames: [delta, finish, total, done].map((each) => each.replace(": ", ":")),
    expected: summary
  },
  {
    name: "carriage returns",
    frames: [delta, finish, total, done].map((each) => each.replaceAll("\n", "\r\n")),
    expected: summary
  },
  { name: "comments in between", frames: [delta, finish, total, ": ping\n\n", done, ": bye\n\n"], expected: summary },
  {
    name: "a stream that was cut off",
    frames: [delta, delta],
    expected: { ...summary, finish_reason: null, usage: null }
  },
  { name: "a last frame that is not JSON", frames: [finish, total, "data: {\"id\":"], expected: summary },
  {
    name: "usage under x_groq",
    frames: [delta, chunk({ id: "c1", model: "gpt", choices: stop, x_groq: { id: "r", usage } }), done],
    expected: summary
  },
  {
    name: "usage within the choice",
    frames: [delta, chunk({ id: "c1", model: "gpt", choices: [{ ...stop[0], usage }] }), done],
    expected: summary
  },
  {
    name: "usage in an earlier chunk than the finish",
    frames: [chunk({ id: "c1", model: "gpt", choices: [], usage }), delta, delta, delta, delta, delta, finish, done],
    expected: summary
  },
  {
    name: "usage in every chunk, the last of them whole",
    frames: [chunk({ ...answer, choices: [], usage: { ...usage, completion_tokens: 1 } }), delta, chunk(answer), done],
    expected: summary
  },
  {
    name: "usage null in most chunks",
    frames: [
      chunk({ ...answer, choices: [], usage: null }),
      chunk(answer),
      chunk({ ...answer, choices: [], usage: null })
    ],
    expected: summary
  },
  {
    name: "many frames behind the finish reason, without delta, id and model",
    frames: [
      delta,
      chunk(answer),
      ...Array.from(
        { length: 20 },
        () =>
          chunk({
            id: "",
            model: "",
            choices: [{ index: 0, finish_reason: null, content_filter_results: {} }],
            usage: null
          })
      ),
      done
    ],
    expected: summary
  },
  {
    name: "id and event before the data",
    frames: [delta, `id: 1\nevent: chunk\n${chunk(answer)}`, `event: done\n${done}`],
    expected: summary
  },
  {
    name: "data over several lines",
    frames: [
      delta,
      chunk(answer).replaceAll(",\"", ",\ndata: \"").replaceAll("\"usage\":", "\"usage\":\ndata: "),
      done
    ],
    expected: summary
  },
  {
    name: "a text that looks like usage",
    frames: [chunk({ ...answer, choices: [{ ...stop[0], delta: { content: "\"usage\":{}" } }] })],
    expected: summary
  },
  { name: "no frames", frames: [], expected: nothing },
  { name: "nothing but [DONE]", frames: [done], expected: nothing }
]

const message = { role: "user", content: "x" }

describe("ChatSummary", () => {
  it.each(bodies)("reads $name", ({ expected, json }) => {
    assert.deepStrictEqual(ChatSummary.ofAnswer({ status: 200, json, frames: undefined }), expected)
  })

  it.each(streams)("reads a stream with $name", ({ expected, frames }) => {
    const timed = frames.map((frame, index): Frame => [index, frame])
    assert.deepStrictEqual(ChatSummary.ofAnswer({ status: 200, json: undefined, frames: timed }), expected)
  })

  it("counts a request's messages and tools", () => {
    const request = { model: "m", messages: [message, message] }
    assert.deepStrictEqual(ChatSummary.ofRequest(request), { stream: false, message_count: 2, tool_count: 0 })
    assert.deepStrictEqual(
      ChatSummary.ofRequest({ ...request, stream: true, tools: [{ type: "function" }] }),
      { stream: true, message_count: 2, tool_count: 1 }
    )
    assert.deepStrictEqual(
      ChatSummary.ofRequest({ ...request, stream: null, tools: null }),
      { stream: false, message_count: 2, tool_count: 0 }
    )
  })
})
