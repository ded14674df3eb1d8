/** An answer over messages as bytes: what fails before it begins is no answer, what fails later says so within. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as AnswerBytes from "../../../src/apis/inference/AnswerBytes.ts"
import * as ByteCollector from "../../../src/kernel/bytes/ByteCollector.ts"
import { isStreamed } from "../../../src/kernel/bytes/Bytes.ts"
import type * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { textOf } from "../../../src/kernel/bytes/WholeBody.ts"
import { canonical } from "../../../src/kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import { ProviderFailed } from "../../../src/kernel/http/ProviderErrors.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"

const response: ChatResponse = {
  content: [{ type: "text", text: "Hello" }],
  finish_reason: "stop",
  metadata: { id: "a", model: "m" }
}
const parts = Translation.partsOf(response)
const refusal = LlmErrors.of({ kind: "invalid_request", message: "messages: no images", param: "messages" })

type Parts = Parameters<typeof AnswerBytes.of>[2]["parts"]

const streamed = (parts: Parts, dialect = canonical) =>
  AnswerBytes.of(dialect, true, { provider: "p", parts, whole: Effect.succeed(response) })

const read = (parts: Parts) =>
  Effect.flatMap(streamed(parts), ({ body, ...bytes }) =>
    isStreamed({ body, ...bytes })
      ? Effect.map(ByteCollector.collect(body as ByteSource.ByteSource<ProviderFailed>), (all) => all.toString())
      : Effect.die("it is no stream"))

describe("AnswerBytes", () => {
  it.effect("gives a whole answer in the dialect", () =>
    Effect.gen(function*() {
      const answer = { provider: "p", parts: Stream.empty, whole: Effect.succeed(response) }
      const { body, status } = yield* AnswerBytes.of(chat, false, answer)
      assert.strictEqual(status, 200)
      const { choices } = JSON.parse(textOf(body as never))
      assert.strictEqual(choices[0].message.content, "Hello")
    }))

  it.effect("gives all parts, and the last frame", () =>
    Effect.gen(function*() {
      const text = yield* read(Stream.fromIterable(parts))
      assert.lengthOf(text.match(/^data: \{/gm) ?? [], parts.length)
      assert.isTrue(text.endsWith(Buffer.from(canonical.lastFrame).toString()))
    }))

  it.effect("refuses what fails before its first part, in the dialect's words", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(streamed(Stream.fail(refusal), chat))
      assert.deepInclude(error, { _tag: "ProviderRejected", status: 400 })
      assert.deepInclude(JSON.parse(Object(error).text).error, { message: "messages: no images", param: "messages" })
    }))

  it.effect("says within the stream what fails later, and lets the source go", () =>
    Effect.gen(function*() {
      let released = 0
      const begun = Stream.make(...(parts.slice(0, 2) as [StreamPart, ...Array<StreamPart>])).pipe(
        Stream.concat(Stream.fail(refusal)),
        Stream.ensuring(Effect.sync(() => void released++))
      )
      assert.include(yield* read(begun), "no images")
      assert.strictEqual(released, 1)
    }))

  it.effect("fails where the provider can't be reached", () =>
    Effect.gen(function*() {
      const failed = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "gone" })
      assert.strictEqual(yield* Effect.flip(streamed(Stream.fail(failed))), failed)
    }))

  it.effect("lets the source go where nothing comes of it", () =>
    Effect.gen(function*() {
      let released = 0
      const release = Effect.sync(() => void released++)
      yield* Effect.flip(streamed(Stream.ensuring(Stream.fail(refusal), release)))
      yield* read(Stream.ensuring(Stream.empty, release))
      assert.strictEqual(released, 2)
    }))
})
