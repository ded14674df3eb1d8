/** A call that ends early is told too: what came of it, and what ended it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import * as FakeVendor from "../../support/FakeVendor.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { errors, onBehalf, payloads, requests, types } from "../../support/RecordedCall.ts"

describe("RecordingHttpClient", () => {
  it.effect("tells a stream that breaks, with what came of it", () =>
    Effect.gen(function*() {
      yield* onBehalf(
        () => FakeVendor.events(["data: 1\n\n"], "breaks"),
        Effect.flatMap(({ stream }) => Stream.runDrain(stream))
      )
      assert.deepStrictEqual(yield* types, [...requests, ...errors])
      const { "llm:error": base, "llm:error:raw": raw } = yield* payloads
      assert.strictEqual(base.status, 200)
      assert.strictEqual(base.error.message, "connection reset")
      assert.deepStrictEqual([raw.status, raw.frames], [200, [[0, "data: 1\n\n"]]])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("tells a stream that is given up, with what came of it", () =>
    Effect.gen(function*() {
      yield* onBehalf(
        () => FakeVendor.events(["data: 1\n\n", "data: 2\n\n"], "stays open"),
        Effect.flatMap(({ stream }) => Stream.runDrain(Stream.take(stream, 1)))
      )
      const { "llm:error": base, "llm:error:raw": raw } = yield* payloads
      assert.strictEqual(base.error.type, "interrupted")
      assert.deepStrictEqual([raw.status, raw.frames[0]], [200, [0, "data: 1\n\n"]])
      assert.deepStrictEqual(yield* types, [...requests, ...errors])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("tells a call that is given up before its answer", () =>
    Effect.gen(function*() {
      yield* onBehalf(() => Effect.never, (send) =>
        Effect.gen(function*() {
          const fiber = yield* Effect.forkChild(send, { startImmediately: true })
          yield* Fiber.interrupt(fiber)
        }))
      const { "llm:error": base, "llm:error:debug": debug, "llm:error:raw": raw } = yield* payloads
      assert.deepStrictEqual(base, {
        provider: "p",
        model: "m",
        status: null,
        error: { type: "interrupted", message: "The call was given up before the answer was complete." },
        duration_ms: 0
      })
      assert.deepStrictEqual(debug, { response: null })
      assert.deepStrictEqual([raw.status, raw.headers, raw.frames], [null, {}, []])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("tells a vendor that can't be reached", () =>
    Effect.gen(function*() {
      const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" })
      yield* onBehalf((request) => FakeVendor.unreachable(request, refused), (send) => send)
      assert.deepStrictEqual(yield* types, [...requests, ...errors])
      const { "llm:error": base } = yield* payloads
      assert.deepStrictEqual(base.error, { type: "TransportError", message: "ECONNREFUSED: connect" })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect.each([
    { name: "OpenAI's envelope", body: `{"error":{"message":"Bad \\"key\\"","code":1}}`, message: "Bad \"key\"" },
    { name: "a message of its own", body: `{ "message" : "too long" }`, message: "too long" },
    { name: "a page", body: "<html>busy</html>", message: "<html>busy</html>" },
    { name: "nothing", body: "", message: "" },
    { name: "a long text", body: "x".repeat(1000), message: "x".repeat(200) },
    { name: "JSON with an escape that is none", body: `{"message":"c:\\x"}`, message: `{"message":"c:\\x"}` },
    { name: "JSON with a line end in its message", body: `{"message":"a\nb"}`, message: `{"message":"a\nb"}` }
  ])("tells what a vendor says of an error: $name", ({ body, message }) =>
    Effect.gen(function*() {
      const exit = yield* onBehalf(() => new Response(body, { status: 500 }), Effect.flatMap(({ text }) => text))
      assert.strictEqual(exit._tag, "Success")
      const { "llm:error": base } = yield* payloads
      assert.deepStrictEqual(base.error, { type: "http_500", message })
    }).pipe(Effect.provide(MemoryHub.layer)))
})
