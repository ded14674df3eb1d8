/** A stream adds up to the message its vendor would have given in one piece. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Predicate } from "effect"
import type { Schema } from "effect"
import { ChatCompletionStream } from "openai/lib/ChatCompletionStream"
import * as StreamedMessage from "../../../../src/kernel/dialects/chat/StreamedMessage.ts"
import { Recordings } from "../../../support/Recordings.ts"

const frames = (chunks: ReadonlyArray<Schema.Json>) =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).concat("data: [DONE]\n\n").join("")

const delta = (delta: Schema.JsonObject, finish_reason: string | null = null, index = 0) => ({
  choices: [{ index, delta, finish_reason }]
})
const call = (part: Schema.JsonObject) => delta({ tool_calls: [part] })
const called = (...tool_calls: ReadonlyArray<Schema.JsonObject>) => ({ role: "assistant", content: null, tool_calls })

const rows: ReadonlyArray<{
  readonly name: string
  readonly chunks: ReadonlyArray<Schema.Json>
  readonly message: Schema.JsonObject
  readonly finish_reason?: string
}> = [
  {
    name: "text",
    chunks: [delta({ role: "assistant", content: "" }), delta({ content: "Hel" }), delta({ content: "lo" }, "stop")],
    message: { role: "assistant", content: "Hello" },
    finish_reason: "stop"
  },
  {
    name: "a refusal, without content",
    chunks: [delta({ refusal: "I " }), delta({ refusal: "won't" }, "stop")],
    message: { role: "assistant", content: null, refusal: "I won't" },
    finish_reason: "stop"
  },
  {
    name: "tool calls by their index, their arguments in pieces",
    chunks: [
      call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }),
      call({ index: 1, id: "b", type: "function", function: { name: "g", arguments: "{\"y\"" } }),
      call({ index: 0, function: { arguments: "{\"x\":" } }),
      call({ index: 1, function: { arguments: ":2}" } }),
      call({ index: 0, function: { arguments: "1}" } }),
      delta({}, "tool_calls")
    ],
    message: {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "f", arguments: "{\"x\":1}" } },
        { id: "b", type: "function", function: { name: "g", arguments: "{\"y\":2}" } }
      ]
    },
    finish_reason: "tool_calls"
  },
  {
    name: "tool calls of vendors that repeat id and name",
    chunks: [
      call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{" } }),
      call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "}" } })
    ],
    message: {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }]
    }
  },
  {
    name: "tool calls of vendors that give all the same index",
    chunks: [
      call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }),
      call({ index: 0, id: "b", type: "function", function: { name: "f", arguments: "{}" } })
    ],
    message: {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "f", arguments: "{}" } },
        { id: "b", type: "function", function: { name: "f", arguments: "{}" } }
      ]
    }
  },
  {
    name: "tool calls without an index",
    chunks: [delta({ tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }, { id: "b" }] })],
    message: {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }, { id: "b" }]
    }
  },
  {
    name: "a name in pieces",
    chunks: [
      call({ index: 0, id: "a", type: "function", function: { name: "get_", arguments: "" } }),
      call({ index: 0, function: { name: "weather", arguments: "" } }),
      call({ index: 0, function: { arguments: "{}" } })
    ],
    message: called({ id: "a", type: "function", function: { name: "get_weather", arguments: "{}" } })
  },
  {
    name: "a name in pieces, then null",
    chunks: [
      call({ index: 0, id: "a", function: { name: "g" } }),
      call({ index: 0, id: null, function: { name: "et", arguments: "{" } }),
      call({ index: 0, id: "", function: { name: null, arguments: "}" } }),
      call({ index: 0, function: { name: "", arguments: "" } })
    ],
    message: called({ id: "a", function: { name: "get", arguments: "{}" } })
  },
  {
    name: "a name that comes whole with each piece, without its id",
    chunks: [
      call({ index: 0, id: "a", function: { name: "f", arguments: "{\"x\"" } }),
      call({ index: 0, function: { name: "f", arguments: ":1" } }),
      call({ index: 0, function: { name: "f", arguments: "}" } })
    ],
    message: called({ id: "a", function: { name: "f", arguments: "{\"x\":1}" } })
  },
  {
    name: "a name that grows with each piece",
    chunks: [
      call({ index: 0, id: "a", function: { name: "get", arguments: "" } }),
      call({ index: 0, id: "a", function: { name: "get_weather", arguments: "{}" } })
    ],
    message: called({ id: "a", function: { name: "get_weather", arguments: "{}" } })
  },
  {
    name: "pieces without an index, by their id",
    chunks: [
      call({ id: "a", function: { name: "f", arguments: "{" } }),
      call({ id: "b", function: { name: "g", arguments: "[" } }),
      call({ id: "a", function: { arguments: "}" } })
    ],
    message: called({ id: "a", function: { name: "f", arguments: "{}" } }, {
      id: "b",
      function: { name: "g", arguments: "[" }
    })
  },
  {
    name: "pieces without an index and an id, behind the call they go on with",
    chunks: [
      call({ id: "a", function: { name: "f", arguments: "" } }),
      call({ index: null, function: { arguments: "{\"x\":" } }),
      call({ function: { arguments: "1}" } })
    ],
    message: called({ id: "a", function: { name: "f", arguments: "{\"x\":1}" } })
  },
  {
    name: "whole calls without an index and an id",
    chunks: [
      delta({
        tool_calls: [{ function: { name: "f", arguments: "{}" } }, { function: { name: "g", arguments: "{}" } }]
      }),
      call({ function: { name: "g", arguments: "{\"n\":2}" } })
    ],
    message: called(
      { function: { name: "f", arguments: "{}" } },
      { function: { name: "g", arguments: "{}" } },
      { function: { name: "g", arguments: "{\"n\":2}" } }
    )
  },
  {
    name: "whole calls that all have index 0 and no id",
    chunks: [
      call({ index: 0, id: "", function: { name: "f", arguments: "{}" } }),
      call({ index: 0, id: "", function: { name: "f", arguments: "{\"n\":2}" } })
    ],
    message: called(
      { id: "", function: { name: "f", arguments: "{}" } },
      { id: "", function: { name: "f", arguments: "{\"n\":2}" } }
    )
  },
  {
    name: "several calls in one chunk, and their pieces in another",
    chunks: [
      delta({
        tool_calls: [
          { index: 0, id: "a", function: { name: "f", arguments: "{" } },
          { index: 1, id: "b", function: { name: "g", arguments: "{" } }
        ]
      }),
      delta({ tool_calls: [{ index: 1, function: { arguments: "}" } }, { index: 0, function: { arguments: "}" } }] })
    ],
    message: called(
      { id: "a", function: { name: "f", arguments: "{}" } },
      { id: "b", function: { name: "g", arguments: "{}" } }
    )
  },
  {
    name: "a call of the time before tools",
    chunks: [delta({ function_call: { name: "f", arguments: "" } }), delta({ function_call: { arguments: "{}" } })],
    message: { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } }
  },
  {
    name: "a custom tool's input in pieces",
    chunks: [
      call({ index: 0, id: "a", type: "custom", custom: { name: "sh", input: "ls" } }),
      call({ index: 0, custom: { input: " -l" } })
    ],
    message: called({ id: "a", type: "custom", custom: { name: "sh", input: "ls -l" } })
  },
  {
    name: "Azure's frames without delta behind the finish",
    chunks: [
      delta({ content: "a" }, "stop"),
      { id: "", choices: [{ index: 0, finish_reason: null, content_filter_results: {} }], usage: null }
    ],
    message: { role: "assistant", content: "a" },
    finish_reason: "stop"
  },
  {
    name: "fields of a vendor's own",
    chunks: [
      delta({ reasoning_content: "think" }),
      delta({ reasoning_content: "ing", content: "!" }),
      delta({ content: null })
    ],
    message: { role: "assistant", content: "!", reasoning_content: "thinking" }
  },
  {
    name: "the first of several choices",
    chunks: [delta({ content: "a" }), delta({ content: "X" }, "stop", 1), delta({ content: "b" }, "length")],
    message: { role: "assistant", content: "ab" },
    finish_reason: "length"
  },
  {
    name: "what is left when the last chunk holds only usage",
    chunks: [delta({ content: "a" }, "stop"), { choices: [], usage: { prompt_tokens: 1 } }],
    message: { role: "assistant", content: "a" },
    finish_reason: "stop"
  }
]

describe("StreamedMessage", () => {
  it.each(rows)("puts together $name", ({ chunks, finish_reason = null, message }) => {
    assert.deepStrictEqual(StreamedMessage.assemble(frames(chunks)), { message, finish_reason })
  })

  it("reads lines of any ending, comments and half frames between them", () => {
    const text = `: hello\r\ndata:${JSON.stringify(delta({ content: "a" }))}\r\n\r\ndata: {"choices"\n\n`
    assert.deepStrictEqual(StreamedMessage.assemble(text)?.message, { role: "assistant", content: "a" })
  })

  it("reads frames with id and event before the data, and data over several lines", () => {
    const one = `id: 1\nevent: chunk\ndata: ${JSON.stringify(delta({ content: "a" }))}\n\n`
    const other = `data: ${JSON.stringify(delta({ content: "b" })).replace(",", ",\ndata: ")}\n\n`
    const text = one + other
    assert.deepStrictEqual(StreamedMessage.assemble(text)?.message, { role: "assistant", content: "ab" })
  })

  it.each(["", "data: [DONE]\n\n", "data: {\"error\":{\"message\":\"no\"}}\n\n", "<html>"])(
    "finds no message in %j",
    (text) => assert.isUndefined(StreamedMessage.assemble(text))
  )

  it("does not change the chunks it was given twice", () => {
    const text = frames(rows[2]!.chunks)
    assert.deepStrictEqual(StreamedMessage.assemble(text), StreamedMessage.assemble(text))
  })
})

/** What a client reads of a message. */
const essence = (message: unknown) => {
  const { content, refusal, role, tool_calls } = message as Record<string, never>
  const calls = (tool_calls ?? []) as ReadonlyArray<{ id: string; function: { name: string; arguments: string } }>
  return {
    role,
    content: content ?? "",
    refusal: refusal ?? "",
    calls: calls.map(({ function: { arguments: text, name }, id }) => [id, name, text])
  }
}

const bySdk = (chunks: ReadonlyArray<Schema.Json>) =>
  ChatCompletionStream.fromReadableStream(
    new ReadableStream({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(Buffer.from(`${JSON.stringify(chunk)}\n`))
        controller.close()
      }
    })
  ).finalMessage()

describe.skipIf(!Recordings.available)(`StreamedMessage, recorded streams ${Recordings.reason}`, () => {
  it.effect("puts together what OpenAI's client does", () =>
    Effect.gen(function*() {
      let compared = 0
      for (const { answer } of Recordings.load({ endpoint: "/v1/chat/completions" })) {
        if (answer._tag !== "Stream" || answer.chunks.some(Predicate.isString)) continue
        // The client refuses streams without a finish reason.
        const expected = yield* Effect.option(Effect.tryPromise(() => bySdk(answer.chunks)))
        if (Option.isNone(expected)) continue
        compared++
        assert.deepStrictEqual(
          essence(StreamedMessage.assemble(frames(answer.chunks))?.message),
          essence(expected.value)
        )
      }
      assert.isAbove(compared, 50)
    }))
})
