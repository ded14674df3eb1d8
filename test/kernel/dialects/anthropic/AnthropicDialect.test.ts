/** What messages say is understood, and said again in the same words; streams say what their whole says. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/anthropic/SentWire.ts"
import { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import { blocksOf } from "../../../../src/kernel/messages/Message.ts"
import * as OpaqueState from "../../../../src/kernel/messages/OpaqueState.ts"
import { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import { differences } from "../../../support/Canonical.ts"
import * as Samples from "./AnthropicSamples.ts"
import * as Streams from "./AnthropicStreams.ts"

const lowered = (body: unknown) =>
  Result.getOrThrow(anthropic.lower.request(Result.getOrThrow(anthropic.raise.request(body))))

const isSent = Schema.decodeUnknownSync(SentRequest)

describe("AnthropicDialect", () => {
  describe("a request that is raised and lowered", () => {
    const surviving = Samples.requests.filter(({ name }) => name !== "images, documents, files and marks of the cache")

    it.each(surviving)("loses nothing: $name", ({ body }) => {
      const { body: again, degradations } = lowered(body)
      assert.deepStrictEqual(differences(body, again), [])
      assert.deepStrictEqual(degradations, [])
      isSent(again)
    })

    it("keeps four marks of the cache, and says so", () => {
      const { body } = Samples.requests.find(({ name }) => name.startsWith("images"))!
      const marks = (value: Schema.Json) => JSON.stringify(value).split("cache_control").length - 1
      assert.strictEqual(marks(body), 3)
      const five = {
        ...body,
        system: [{ type: "text", text: "a", cache_control: {} }, { type: "text", text: "b", cache_control: {} }]
      }
      const { body: again, degradations } = lowered(five)
      assert.deepStrictEqual(differences(five, again).map(({ path }) => path), ["$.system[0].cache_control"])
      assert.strictEqual(marks(again), 4)
      assert.deepStrictEqual(degradations.map(({ actual }) => actual), ["the last 4"])
      assert.deepStrictEqual(differences(body, lowered(body).body), [])
    })

    it("says in which dialect its signatures are good, where they are the vendor's own", () => {
      const content = [
        { type: "thinking", thinking: "a", signature: "SIG" },
        { type: "redacted_thinking", data: "OPAQUE" },
        { type: "thinking", thinking: "b", signature: OpaqueState.seal({ dialect: "x", fields: { type: "thinking" } }) }
      ]
      const body = { model: "m", messages: [{ role: "assistant", content }] }
      const [message] = Result.getOrThrow(anthropic.raise.request(body)).messages
      assert.deepStrictEqual(blocksOf(message!).map(({ producer_dialect }) => producer_dialect), [
        "anthropic",
        "anthropic",
        undefined
      ])
    })

    it("is a request of the canonical model", () => {
      for (const { body } of Samples.requests) {
        const raised = Result.getOrThrow(anthropic.raise.request(body))
        assert.deepStrictEqual<unknown>(Schema.decodeSync(ChatRequest)(raised), raised)
      }
    })

    it.each<{ readonly name: string; readonly given: Schema.JsonObject; readonly sent: Schema.JsonObject }>([
      {
        name: "text as one block: the documents call it the same",
        given: { messages: [{ role: "user", content: "Hello?" }] },
        sent: { messages: [{ role: "user", content: [{ type: "text", text: "Hello?" }] }] }
      },
      {
        name: "no empty text, which is refused",
        given: { messages: [{ role: "user", content: [{ type: "text", text: "" }, { type: "text", text: "a" }] }] },
        sent: { messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] }
      },
      {
        name: "turns of one role as one, as the vendor reads them",
        given: { messages: [{ role: "user", content: "a" }, { role: "user", content: "b" }] },
        sent: { messages: [{ role: "user", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] }] }
      },
      {
        name: "results before what stands with them: the vendor refuses another order",
        given: {
          messages: [{
            role: "user",
            content: [{ type: "text", text: "a" }, { type: "tool_result", tool_use_id: "t", content: "r" }]
          }]
        },
        sent: {
          messages: [{
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t", content: "r" }, { type: "text", text: "a" }]
          }]
        }
      },
      {
        name: "nothing where there is null",
        given: {
          messages: [{ role: "user", content: "a" }],
          temperature: null,
          tools: null,
          stop_sequences: null,
          stream: null
        },
        sent: { messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] }
      },
      {
        name: "no choice where there is no tool: the vendor refuses one",
        given: { messages: [{ role: "user", content: "a" }], tool_choice: { type: "auto" } },
        sent: { messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] }
      },
      {
        name: "a result that says nothing without content, which says the same",
        given: { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "" }] }] },
        sent: { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t" }] }] }
      },
      {
        name: "a block without what is null in it, which says nothing",
        given: {
          messages: [{ role: "user", content: [{ type: "text", text: "a", citations: null, cache_control: null }] }]
        },
        sent: { messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] }
      }
    ])("writes $name", ({ given, sent }) => {
      const common = { model: "m", max_tokens: 1 }
      assert.deepStrictEqual<unknown>(lowered({ ...common, ...given }).body, { ...common, ...sent })
    })
  })

  it.each(Samples.answers)("says an answer again: $name", ({ body }) => {
    const raised = Result.getOrThrow(anthropic.raise.response(body, "p/m"))
    assert.deepStrictEqual<unknown>(Schema.decodeSync(ChatResponse)(raised), raised)
    assert.deepStrictEqual(differences(body, anthropic.lower.response(raised)), [])
    assert.isTrue(raised.content.every(({ producer_model }) => producer_model === "p/m"))
  })

  it.each(Samples.answers)("folds a stream to its plain answer: $name", ({ body }) => {
    const parts = Streams.partsOf(anthropic.raise.stream("p/m"), Streams.streamOf(body))
    for (const part of parts) Schema.decodeSync(StreamPart)(part)
    const plain = Result.getOrThrow(anthropic.raise.response(body, "p/m"))
    const last = parts.at(-1)
    assert.deepStrictEqual(last?.type === "response" ? last.response : last, plain)
    assert.deepStrictEqual(parts.flatMap((part) => part.type === "block_end" ? [part.block] : []), plain.content)
    assert.strictEqual(parts[0]?.type, "response_start")
    assert.strictEqual(parts.filter(({ type }) => type === "response_start").length, 1)
  })

  it.each(Samples.answers)("writes a stream that folds to its plain answer: $name", ({ body }) => {
    const parts = Streams.partsOf(anthropic.raise.stream(), Streams.streamOf(body))
    const text = Streams.written(anthropic.lower.stream(), parts)
    const again = Streams.partsOf(anthropic.raise.stream(), text)
    const last = again.at(-1)
    assert.deepStrictEqual(
      last?.type === "response" ? last.response : last,
      Result.getOrThrow(anthropic.raise.response(body))
    )
  })

  it("leaves out of an answer what is null there, but for the text that did not stop it", () => {
    const body = {
      ...Samples.answers[0]!.body,
      container: null,
      stop_details: null,
      content: [{ type: "text", text: "Hi.", citations: null }]
    }
    const lost = differences(body, anthropic.lower.response(Result.getOrThrow(anthropic.raise.response(body))))
    assert.deepStrictEqual(lost.map(({ path }) => path), ["$.content[0].citations", "$.container", "$.stop_details"])
    assert.isTrue(lost.every(({ expected }) => expected === "null"))
  })

  it("tells words as they come", () => {
    const { body } = Samples.answers.find(({ name }) => name === "all blocks")!
    const parts = Streams.partsOf(anthropic.raise.stream(), Streams.streamOf(body))
    const words = (index: number) =>
      parts.flatMap((part) => part.type === "block_delta" && part.index === index ? [part.text] : [])
    assert.deepStrictEqual([words(0), words(2), words(5), words(6)], [
      ["The", " user greets."],
      [],
      ["It ", "rains."],
      ["{\"c", "ity\":\"Oslo\",\"days\":[1,2]}"]
    ])
    assert.deepInclude(parts, { type: "block_start", index: 6, block: "tool_call", id: "toolu_1", name: "get_weather" })
  })

  it("reads events that have no type but their name, and blocks without an end", () => {
    const text = [
      Streams.bytesOf("message_start", {
        message: { id: "msg_1", content: [], usage: { input_tokens: 10, output_tokens: 1 } }
      }),
      Streams.bytesOf("content_block_start", { index: 0, content_block: { type: "text", text: "H" } }),
      Streams.bytesOf("content_block_delta", { index: 0, delta: { type: "text_delta", text: "i" } })
    ].join("")
    const parts = Streams.partsOf(anthropic.raise.stream(), text)
    assert.deepStrictEqual(parts.map(({ type }) => type), [
      "response_start",
      "block_start",
      "block_delta",
      "block_delta",
      "block_end",
      "response"
    ])
    const last = parts.at(-1)
    assert.deepStrictEqual(last?.type === "response" ? last.response.content : [], [{ type: "text", text: "Hi" }])
  })

  it.prop("never throws, whatever JSON comes", { body: Schema.Json }, ({ body }) => {
    anthropic.raise.request(body)
    anthropic.raise.response(body)
    anthropic.errors.raise(400, body)
    anthropic.summary.request(body)
    anthropic.summary.answer({ status: 200, json: body, frames: undefined })
    anthropic.failureOf({ status: 200, json: body, frames: undefined })
    anthropic.conversation.answer(JSON.stringify(body), false)
  })

  it.prop(
    "never throws, whatever a message holds",
    {
      block: Schema.Json,
      delta: Schema.Json,
      type: Schema.Literals(["text", "thinking", "tool_use", "tool_result", "image"])
    },
    ({ block, delta, type }) => {
      const blocks = [{ ...Object(block), type }, block]
      const request = {
        model: "m",
        messages: [{ role: "user", content: blocks }, { role: "assistant", content: [blocks[0]] }]
      }
      Result.map(anthropic.raise.request(request), anthropic.lower.request)
      Result.map(anthropic.raise.response({ content: blocks }), anthropic.lower.response)
      const events = [
        ["message_start", { message: block }],
        ["content_block_start", { index: 0, content_block: blocks[0] }],
        ["content_block_delta", { index: 0, delta }],
        ["content_block_delta", { index: delta, delta: { ...Object(delta), type: "input_json_delta" } }],
        ["content_block_stop", { index: block }],
        ["message_delta", { delta, usage: block }]
      ] as const
      const text = events.map(([event, value]) => Streams.bytesOf(event, { type: event, ...value })).join("")
      const parts = Streams.partsOf(anthropic.raise.stream(), text)
      Streams.written(anthropic.lower.stream(), parts)
      anthropic.conversation.answer(text, true)
      anthropic.summary.answer({ status: 200, json: undefined, frames: text.split("\n\n").map((each) => [0, each]) })
    }
  )
})
