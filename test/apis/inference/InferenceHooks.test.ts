/** The hooks' place around a provider call. What clients see of it: test/server/Hooks.test.ts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as InferenceHooks from "../../../src/apis/inference/InferenceHooks.ts"
import { isStreamed } from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import type { WireCall, WireResponse } from "../../../src/kernel/dialects/WireCall.ts"
import type { HookEvent } from "../../../src/kernel/hooks/Hook.ts"
import { Hooks } from "../../../src/kernel/hooks/Hooks.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import * as HookWorld from "../../support/HookWorld.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { callOf } from "../../support/WireCalls.ts"

const target = { provider: "p", model: "p/m" }
const call = callOf({ model: "m", messages: [{ role: "user", content: "x" }] })
const completion = (text: string): WireResponse => ({
  status: 200,
  headers: { a: "1" },
  body: text
})
const chunks = (...texts: ReadonlyArray<string>): WireResponse => ({
  status: 200,
  headers: {},
  body: ByteSource.fromStream(Stream.fromIterable(texts.map((text) => Buffer.from(text))))
})

const looks = (seen: Array<HookEvent>) => (event: HookEvent) => Effect.sync(() => void seen.push(event))

describe("InferenceHooks", () => {
  it.effect("is the call itself where nobody wants to know", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ pattern: "tool:*", says: { action: "deny" } }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const asked = Effect.succeed(completion("{}"))
      assert.strictEqual(hooked(target, call, () => asked), asked)
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("sends the client's text to the letter where nobody changes it", () =>
    Effect.gen(function*() {
      const seen: Array<HookEvent> = []
      yield* HookWorld.register([{ pattern: "llm:*", says: looks(seen) }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const sent: Array<WireCall> = []
      const answer = completion(`{ "id": 1.0 }`)
      const given = yield* hooked(target, call, (call) => {
        sent.push(call)
        return Effect.succeed(answer)
      })
      assert.deepStrictEqual(sent, [call])
      assert.strictEqual(given, answer)
      assert.deepStrictEqual(seen.map(({ attributes, data, type }) => ({ attributes, data, type })), [
        { type: "llm:request", data: JSON.parse(call.text), attributes: { ...target, stream: false } },
        { type: "llm:response", data: { id: 1 }, attributes: { ...target, stream: false } }
      ])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("does not ask the vendor what was denied", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ name: "guard", pattern: "llm:request", says: { action: "deny", reason: "no" } }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const error = yield* Effect.flip(hooked(target, call, () => Effect.die("asked")))
      assert.deepInclude(error, { _tag: "DeniedByHook", hook: "guard", subject: "request", reason: "no" })
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("sends what the hooks left, as value and as text", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([
        {
          pattern: "llm:request",
          says: ({ data }) => Effect.succeed({ action: "modify", data: { ...data, seed: 7 } })
        },
        { pattern: "llm:request", says: { action: "inject_context", context_injection: "y" } }
      ])
      const hooked = InferenceHooks.make(yield* Hooks)
      const sent: Array<WireCall> = []
      yield* hooked(target, call, (call) => {
        sent.push(call)
        return Effect.succeed(completion("{}"))
      })
      const messages = [{ role: "user", content: "x" }, { role: "system", content: "y" }]
      assert.deepStrictEqual<unknown>(sent.map(({ body }) => body), [{ model: "m", messages, seed: 7 }])
      assert.deepStrictEqual(JSON.parse(sent[0]!.text), sent[0]!.body)
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("keeps status and headers of an answer that is replaced", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ pattern: "llm:response", says: { action: "modify", data: { id: 2 } } }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const answer = yield* hooked(target, call, () => Effect.succeed(completion(`{"id":1}`)))
      assert.deepStrictEqual(answer, completion(`{"id":2}`))
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect.each(["{", "[]", "1"])(
    "lets no answer pass that no hook could look at: %s",
    (text) =>
      Effect.gen(function*() {
        yield* HookWorld.register([{ pattern: "llm:response", says: { action: "continue" } }])
        const hooked = InferenceHooks.make(yield* Hooks)
        const error = yield* Effect.flip(hooked(target, call, () => Effect.succeed(completion(text))))
        assert.deepInclude(error, { _tag: "ProviderFailed", reason: "invalid_answer" })
      }).pipe(Effect.scoped, Effect.provide(HookWorld.layer))
  )

  it.effect("passes on how the provider fails", () =>
    Effect.gen(function*() {
      const seen: Array<HookEvent> = []
      yield* HookWorld.register([{ pattern: "llm:response", says: looks(seen) }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const failures = [
        new ProviderFailed({ provider: "p", reason: "timeout", detail: "late" }),
        new ProviderRejected({ provider: "p", status: 429, headers: {}, text: "{}" })
      ]
      for (const failure of failures) {
        assert.strictEqual(yield* Effect.flip(hooked(target, call, () => Effect.fail(failure))), failure)
      }
      assert.deepStrictEqual(seen, [])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("shows a stream when all of it has passed, each time it is read", () =>
    Effect.gen(function*() {
      const seen: Array<HookEvent> = []
      yield* HookWorld.register([{ pattern: "llm:response", says: looks(seen) }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const texts = [`data: {"n":`, `1}\n\ndata: {"n":2}\n\n`, "data: [DONE]\n\n"]
      const answer = yield* hooked(target, call, () => Effect.succeed(chunks(...texts)))
      assert.deepStrictEqual(seen, [])
      if (!isStreamed(answer)) return assert.fail("a stream stays one")
      for (const _ of [1, 2]) {
        const passed = yield* Stream.runCollect(answer.body.stream)
        assert.deepStrictEqual(passed.map((chunk) => Buffer.from(chunk).toString()), texts)
      }
      assert.deepStrictEqual(seen.map(({ data }) => data), [1, 2].map(() => ({ chunks: [{ n: 1 }, { n: 2 }] })))
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("shows no stream that broke, or that nobody read to its end", () =>
    Effect.gen(function*() {
      const seen: Array<HookEvent> = []
      yield* HookWorld.register([{ pattern: "llm:response", says: looks(seen) }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const failure = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "cut" })
      const broken = {
        ...chunks("data: 1\n\n"),
        body: ByteSource.fromStream(Stream.concat(Stream.succeed(Buffer.from("x")), Stream.fail(failure)))
      }
      for (const answer of [broken, chunks("data: 1\n\n", "data: 2\n\n")]) {
        const watched = yield* hooked(target, call, () => Effect.succeed(answer as WireResponse))
        if (!isStreamed(watched)) return assert.fail("a stream stays one")
        yield* Effect.exit(
          Stream.runDrain(answer === broken ? watched.body.stream : Stream.take(watched.body.stream, 1))
        )
      }
      assert.deepStrictEqual(seen, [])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("records what hooks say of a stream for its request", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ pattern: "llm:response", says: { action: "deny" } }])
      const hooked = InferenceHooks.make(yield* Hooks)
      const answer = yield* HookWorld.onBehalf(Effect.gen(function*() {
        const answer = yield* hooked(target, call, () => Effect.succeed(chunks("data: 1\n\n")))
        // Read within the request's time, but outside of its fiber's context, as a server does.
        if (isStreamed(answer)) {
          yield* Effect.provideContext(Stream.runDrain(answer.body.stream), yield* Effect.context<never>())
        }
        return answer
      }))
      assert.isTrue(isStreamed(answer))
      const [decided] = yield* MemoryHub.events({ types: ["hook:decided"] })
      assert.strictEqual(decided?.requestId, HookWorld.requestId)
      assert.isFalse((yield* Hooks).wants("llm:request"))
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))
})
