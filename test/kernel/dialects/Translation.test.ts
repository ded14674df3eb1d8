/** Between two dialects: answers whole or as streams as the client wants them, refusals in its words, and what broke off. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import type { Schema } from "effect"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as DialectStream from "../../../src/kernel/dialects/DialectStream.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import type { WireResponse } from "../../../src/kernel/dialects/WireCall.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../src/kernel/messages/ContentBlock.ts"
import * as InProcess from "../../support/InProcess.ts"

const response: ChatResponse = {
  content: [{ type: "text", text: "Hi" }, { type: "tool_call", id: "c1", name: "f", input: { a: 1 } }],
  finish_reason: "tool_calls",
  usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
  metadata: { id: "r1", model: "m" }
}

const degradation = { requested: "temperature 1.8", actual: "temperature 1", reason: "the vendor takes 0 to 1" }

const passage = (more: Partial<Translation.Passage> = {}): Translation.Passage => ({
  client: chat,
  vendor: anthropic,
  provider: "p",
  model: "p/m",
  stream: false,
  options: {},
  degradations: [],
  ...more
})

const plain = (body: unknown, headers: Readonly<Record<string, string>> = {}): WireResponse =>
  Bytes.json(200, JSON.stringify(body), headers)

const framesOf = (given: ChatResponse = response): ReadonlyArray<Uint8Array> => {
  const { add } = anthropic.lower.stream()
  return [...Translation.partsOf(given).flatMap(add), anthropic.lastFrame]
}

const streamed = (frames: ReadonlyArray<Uint8Array>): WireResponse =>
  Bytes.events(200, ByteSource.fromStream(Stream.fromIterable(frames)), {}, DialectStream.of(anthropic))

const answered = (answer: WireResponse, more: Partial<Translation.Passage> = {}) =>
  Effect.flatMap(Translation.answerFor(answer, passage(more)), InProcess.textOf)

const choiceOf = (text: string) => Object(JSON.parse(text)).choices[0]

describe("Translation", () => {
  it.effect("keeps the response of which a whole answer was written, and none for another text", () =>
    Effect.gen(function*() {
      const answer = yield* Translation.answerFor(plain(anthropic.lower.response(response)), passage())
      const behind = Translation.responseBehind(answer)
      assert.strictEqual(behind?.finish_reason, "tool_calls")
      assert.strictEqual(Translation.responseBehind({ ...answer, headers: {} }), behind)
      assert.isUndefined(Translation.responseBehind({ ...answer, body: "{}" }))
      assert.isUndefined(Translation.responseBehind(plain({})))
    }))

  it.effect.each([
    { name: "plain", vendor: plain(anthropic.lower.response(response)) },
    { name: "streamed", vendor: streamed(framesOf()) }
  ])("gives a client that wants it whole an answer that came $name", ({ vendor }) =>
    Effect.gen(function*() {
      const choice = choiceOf(yield* answered(vendor))
      assert.strictEqual(choice.finish_reason, "tool_calls")
      assert.strictEqual(choice.message.content, "Hi")
      assert.deepStrictEqual(choice.message.tool_calls[0].function, { name: "f", arguments: "{\"a\":1}" })
    }))

  it.effect.each([
    { name: "plain", vendor: plain(anthropic.lower.response(response)) },
    { name: "streamed", vendor: streamed(framesOf()) }
  ])("gives a client that wants a stream an answer that came $name", ({ vendor }) =>
    Effect.gen(function*() {
      const text = yield* answered(vendor, { stream: true })
      assert.isTrue(text.endsWith("data: [DONE]\n\n"))
      const message = chat.conversation.answer(text, true)
      assert.strictEqual(message?.finish_reason, "tool_calls")
      assert.strictEqual(message?.message["content"], "Hi")
    }))

  it.effect("says that the client's stream broke off where the vendor's did", () =>
    Effect.gen(function*() {
      const lost = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "reset" })
      const source = Stream.concat(Stream.fromIterable(framesOf().slice(0, 3)), Stream.fail(lost))
      const vendor = Bytes.events(200, ByteSource.fromStream(source), {}, DialectStream.of(anthropic))
      for (const stream of [true, false]) {
        assert.strictEqual(yield* Effect.flip(answered(vendor, { stream })), lost)
      }
      const empty = yield* Effect.flip(answered(streamed([]), { stream: true }))
      assert.deepInclude(empty, { _tag: "ProviderFailed", reason: "unreachable" })
    }))

  it.effect("says an error within the vendor's stream in the client's words, once and last", () =>
    Effect.gen(function*() {
      const failing = anthropic.errors.frame(anthropic.errors.envelope({ message: "busy", kind: "overloaded" }))
      const frames = [...framesOf().slice(0, 3), failing, ...framesOf().slice(3)]
      const text = yield* answered(streamed(frames), { stream: true })
      const last = text.trim().split("\n\n").at(-1)!
      assert.include(Object(JSON.parse(last.slice(6))).error.message, "busy")
      const whole = yield* Effect.flip(answered(streamed(frames)))
      assert.deepInclude(whole, { _tag: "ProviderRejected", status: 529 })
    }))

  it.effect("refuses what says that it failed under a status that does not", () =>
    Effect.gen(function*() {
      const body = anthropic.errors.envelope({ message: "slow down", kind: "rate_limit" })
      const error = yield* Effect.flip(answered(plain(body)))
      assert.deepInclude(error, { _tag: "ProviderRejected", status: 429 })
    }))

  it.effect("does not take for an answer what is none", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(answered(plain({ content: 1 })))
      assert.deepInclude(error, { _tag: "ProviderFailed", reason: "invalid_answer" })
    }))

  it.effect("passes the headers that concern a client on, and none of the body's", () =>
    Effect.gen(function*() {
      const vendor = plain(anthropic.lower.response(response), { "x-ratelimit": "1", "content-length": "7" })
      const { headers } = yield* Translation.answerFor(vendor, passage())
      assert.deepStrictEqual(headers, { "x-ratelimit": "1", "content-type": "application/json" })
    }))

  it.effect.each([false, true])(
    "hands each block to who learns, once: streamed %s",
    (stream) =>
      Effect.gen(function*() {
        const learned: Array<ContentBlock> = []
        const learn = (block: ContentBlock) => void learned.push(block)
        const vendor = stream ? streamed(framesOf()) : plain(anthropic.lower.response(response))
        yield* answered(vendor, { stream, learn })
        assert.deepStrictEqual(learned.map(({ type }) => type), ["text", "tool_call"])
      })
  )

  it.effect("leaves it to the client's dialect to say when an answer was made, and what is less in it", () =>
    Effect.gen(function*() {
      const vendor = plain(anthropic.lower.response(response))
      const text = yield* answered(vendor, { created: 7, degradations: [degradation] })
      assert.strictEqual(Object(JSON.parse(text)).created, 7)
    }))

  it("lowers a request under the name that the vendor knows, a stream only where it is asked for", () => {
    const request = { model: "p/m", stream: true, messages: [{ role: "user" as const, content: "Hi" }] }
    for (const stream of [false, true]) {
      const { call } = Result.getOrThrow(
        Translation.lowerCall(anthropic, request, { client: chat, model: "m", stream })
      )
      assert.deepStrictEqual([call.model, call.body["model"], call.body["stream"] ?? false], ["m", "m", stream])
      assert.deepStrictEqual<unknown>(JSON.parse(call.text), call.body)
    }
    assert.isTrue(request.stream)
  })

  const rejected = (body: Schema.Json, headers = {}) =>
    Translation.rejectedFor(
      { client: chat, vendor: gemini },
      new ProviderRejected({ provider: "p", status: 429, headers, text: JSON.stringify(body) })
    )

  it("says a refusal in the client's words, with the vendor's status and headers", () => {
    const body = { error: { code: 429, message: "slow down", status: "RESOURCE_EXHAUSTED" } }
    const { headers, status, text } = rejected(body, { "retry-after": "7" })
    assert.deepStrictEqual([status, headers], [429, { "retry-after": "7" }])
    assert.deepInclude(Object(JSON.parse(text)).error, { message: "slow down" })
  })

  it("says how long to wait where the vendor says it in the body alone", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "17.5s" }]
    const body = { error: { code: 429, message: "slow down", status: "RESOURCE_EXHAUSTED", details } }
    assert.deepStrictEqual(rejected(body).headers, { "retry-after": "18" })
    assert.deepStrictEqual(rejected(body, { "retry-after": "7" }).headers, { "retry-after": "7" })
  })
})
