/** What Responses say is understood, and said again in the same words; streams say what their whole says. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/responses/SentWire.ts"
import { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import {
  answer,
  asSent,
  call,
  framesOf,
  message,
  reasoning,
  requests,
  silent,
  streamOf,
  text
} from "./ResponsesSamples.ts"

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const producer_model = "openai/gpt-5"

const raiseRequest = (body: unknown) => Result.getOrThrow(responses.raise.request(body))
const lowerRequest = (body: unknown) => Result.getOrThrow(responses.lower.request(raiseRequest(body)))
const raise = (body: unknown) => Result.getOrThrow(responses.raise.response(body, producer_model))

const partsOf = (bytes: ReadonlyArray<Uint8Array>): ReadonlyArray<StreamPart> => {
  const raiser = responses.raise.stream(producer_model)
  return [...framesOf(bytes).flatMap((frame) => raiser.add(frame)), ...raiser.end()]
}
const responseOf = (parts: ReadonlyArray<StreamPart>) =>
  parts.flatMap((part) => part.type === "response" ? [part.response] : [])[0]

/** What deltas and ends say, block by block. */
const blocksOf = (parts: ReadonlyArray<StreamPart>) =>
  parts.flatMap((part) => part.type === "block_end" ? [part.block] : [])

const outputs: ReadonlyArray<
  { readonly name: string; readonly output: ReadonlyArray<Schema.JsonObject>; readonly more?: Schema.JsonObject }
> = [
  { name: "text", output: [message("msg_1", text("Hello there"))] },
  { name: "text in parts and messages", output: [message("msg_1", text("a"), text("b")), message("msg_2", text("c"))] },
  { name: "a refusal", output: [message("msg_1", { type: "refusal", refusal: "I will not." })] },
  { name: "reasoning before each call", output: [reasoning, call, silent, { ...call, id: "fc_2", call_id: "call_2" }] },
  {
    name: "reasoning in parts",
    output: [{
      ...reasoning,
      summary: [{ type: "summary_text", text: "One." }, { type: "summary_text", text: "Two." }]
    }]
  },
  {
    name: "reasoning in plain words",
    output: [{ type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "hm, well" }] }]
  },
  {
    name: "tools of the vendor's own",
    output: [{ type: "web_search_call", id: "ws_1", status: "completed" }, message("msg_1", text("It rains.")), {
      type: "custom_tool_call",
      id: "c",
      call_id: "call_9",
      name: "sh",
      input: "ls"
    }]
  },
  {
    name: "an end too soon",
    output: [message("msg_1", text("It is"))],
    more: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }
  },
  { name: "nothing", output: [] }
]

describe("ResponsesDialect", () => {
  it.each(requests)("says a request with $name again as it was", ({ body }) => {
    const { body: lowered, degradations } = lowerRequest(body)
    assert.deepStrictEqual(json(lowered), json(asSent(body)))
    assert.deepStrictEqual(degradations, [])
    Schema.decodeUnknownSync(SentRequest)(json(lowered))
  })

  it("takes an input that is text, and items without a type", () => {
    const short = raiseRequest({ model: "m", input: "Hello?" })
    const item = raiseRequest({ model: "m", input: [{ role: "user", content: "Hello?" }] })
    assert.deepStrictEqual(short.messages, [{ role: "user", content: "Hello?" }])
    assert.deepStrictEqual(item, short)
  })

  it.each([null, "x", [], { input: 7 }, { input: [7] }, { input: "a", temperature: "warm" }])(
    "refuses the request %j",
    (body) => {
      assert.isTrue(Result.isFailure(responses.raise.request(body)))
    }
  )

  it.each(outputs)("understands an answer with $name, and says it again", ({ more, output }) => {
    const body = answer(output, more)
    const raised = raise(body)
    Schema.decodeUnknownSync(ChatResponse)(json(raised))
    const lowered = responses.lower.response(raised)
    for (const [name, value] of Object.entries(body)) assert.deepStrictEqual(json(lowered[name]), json(value), name)
  })

  it.each(outputs)("streams an answer with $name as its whole says it", ({ more, output }) => {
    const parts = partsOf(streamOf(output, more))
    const plain = raise(answer(output, more))
    assert.deepStrictEqual(json(responseOf(parts)), json(plain))
    assert.deepStrictEqual(json(blocksOf(parts)), json(plain.content))
    assert.strictEqual(parts[0]?.type, "response_start")
    const started = parts.flatMap((part) => part.type === "block_start" ? [part.index] : [])
    assert.deepStrictEqual(started, plain.content.map((_, index) => index))
    plain.content.forEach((block, index) => {
      const deltas = parts.flatMap((part) => part.type === "block_delta" && part.index === index ? [part.text] : [])
        .join("")
      if (deltas !== "") assert.include([block["text"], block["thinking"], JSON.stringify(block["input"])], deltas)
      else assert.isTrue(block["refusal"] === true || !["text", "tool_call"].includes(block.type))
    })
  })

  it.each(outputs)("writes a stream of $name that is understood again", ({ more, output }) => {
    const lowerer = responses.lower.stream()
    const bytes = partsOf(streamOf(output, more)).flatMap((part) => lowerer.add(part))
    const events = framesOf(bytes).map(({ data }) => JSON.parse(data!) as Schema.JsonObject)
    assert.deepStrictEqual(events.map((event) => event["sequence_number"]), events.map((_, index) => index))
    const withoutItems = (block: ContentBlock) => ({ ...block, provider_options: null })
    const again = responseOf(partsOf(bytes))
    const plain = raise(answer(output, more))
    assert.deepStrictEqual(json(again?.content.map(withoutItems)), json(plain.content.map(withoutItems)))
    assert.deepStrictEqual([again?.finish_reason, again?.usage, again?.metadata], [
      plain.finish_reason,
      plain.usage,
      plain.metadata
    ])
  })

  it("counts what is read from a cache and written to one within the input", () => {
    const { usage } = raise(answer([]))
    assert.deepInclude(usage, { input_tokens: 50, output_tokens: 30, total_tokens: 80 })
    assert.deepInclude(usage, { cache_read_tokens: 20, cache_write_tokens: 5, reasoning_tokens: 10 })
  })

  it.each(
    [
      ["stop", [message("m", text("a"))], {}],
      ["tool_calls", [call], {}],
      ["tool_calls", [{ type: "custom_tool_call", id: "c", call_id: "d" }], {}],
      ["length", [], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }],
      ["content_filter", [], { status: "incomplete", incomplete_details: { reason: "content_filter" } }],
      ["max_tool_calls", [], { status: "incomplete", incomplete_details: { reason: "max_tool_calls" } }],
      ["cancelled", [], { status: "cancelled" }],
      [null, [], { status: "queued" }]
    ] as const
  )("ends with %s", (reason, output, more) => {
    assert.strictEqual(raise(answer(output, more)).finish_reason, reason)
  })

  it("keeps as thinking what comes back: words, encrypted content, id", () => {
    assert.deepStrictEqual(json(raise(answer([reasoning])).content), [
      {
        type: "thinking",
        thinking: "The user asks for weather.",
        content: ["gAAAA1", "rs_1"],
        producer_dialect: "responses",
        producer_model
      }
    ])
  })

  it.each([
    {},
    { output: "x" },
    { error: { message: "no" } },
    answer([], { status: "failed", error: { code: "server_error", message: "no" } }),
    undefined
  ])(
    "takes %j for no answer",
    (body) => assert.isTrue(Result.isFailure(responses.raise.response(body)))
  )

  it("takes the answer from the items where the end has none, and lacks an end where there is none", () => {
    const bytes = streamOf([message("msg_1", text("Hello")), call])
    const bare = [
      ...bytes.slice(0, -1),
      Buffer.from(
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\"}}\n\n"
      )
    ]
    assert.deepStrictEqual(responseOf(partsOf(bare))?.content.length, 2)
    const cut = partsOf(bytes.slice(0, 6))
    assert.deepInclude(responseOf(cut)?.content[0], { type: "text", text: "Hello" })
    assert.isNull(responseOf(cut)?.finish_reason)
    assert.strictEqual(responses.endingOf?.(Buffer.concat(bytes.slice(0, 6)).toString()), "cut off")
    assert.strictEqual(responses.endingOf?.(Buffer.concat(bytes).toString()), "finished")
  })

  it("ends the blocks of an answer whose items have no end of their own", () => {
    const bytes = streamOf([message("msg_1", text("Hello"))], { status: "incomplete" })
      .filter((each) => !Buffer.from(each).includes("output_item.done"))
    assert.deepStrictEqual(blocksOf(partsOf(bytes)).map(({ type }) => type), ["text"])
  })
})
