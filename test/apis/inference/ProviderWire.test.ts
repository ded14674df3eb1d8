/** On which wire a provider is asked, and what its messages and failures become on it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import * as ProviderWire from "../../../src/apis/inference/ProviderWire.ts"
import { isStreamed } from "../../../src/kernel/bytes/Bytes.ts"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { canonical } from "../../../src/kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"
import { callOf } from "../../support/WireCalls.ts"

type Provider = InferenceProvider["Service"]

const models = { source: "configuration", list: Effect.succeed([]) } as const
const send: Provider["send"] = () => Effect.succeed({ status: 200, headers: {}, body: "{}" })
const complete: NonNullable<Provider["complete"]> = () =>
  Effect.succeed({ content: [{ type: "text", text: "Hi" }], finish_reason: "stop" })

const wireOf = (provider: Omit<Provider, "models">, client = chat) =>
  ProviderWire.of({ ...provider, models }, "p", client)

const ask = (provider: Omit<Provider, "models">, stream = false) =>
  wireOf(provider).send(callOf({ model: "m", stream, messages: [{ role: "user", content: "Hello?" }] }, canonical))

const textOf = (provider: Omit<Provider, "models">, stream: boolean) =>
  Effect.flatMap(ask(provider, stream), (answer) =>
    isStreamed(answer)
      ? Stream.mkString(Stream.decodeText(answer.body.stream))
      : Effect.succeed(String(answer.body)))

describe("ProviderWire", () => {
  it("is the client's dialect where the provider speaks it, else messages, else the provider's first", () => {
    const both = { dialects: [anthropic, chat], send, complete }
    assert.strictEqual(wireOf(both).dialect.name, "chat")
    assert.strictEqual(wireOf({ ...both, dialects: [anthropic] }).dialect.name, "canonical")
    assert.strictEqual(wireOf({ complete }).dialect.name, "canonical")
    assert.strictEqual(wireOf({ dialects: [anthropic], send }).dialect.name, "anthropic")
    assert.strictEqual(wireOf({ dialects: [anthropic], send }, anthropic).dialect.name, "anthropic")
  })

  it.effect("answers over messages, whole and as a stream, of a provider that can't stream too", () =>
    Effect.gen(function*() {
      assert.deepInclude(JSON.parse(yield* textOf({ complete }, false)), { finish_reason: "stop" })
      const text = yield* textOf({ complete }, true)
      assert.include(text, "\"Hi\"")
      assert.isTrue(text.endsWith(Buffer.from(canonical.lastFrame).toString()))
    }))

  it.effect("streams the parts of a provider that can", () =>
    Effect.gen(function*() {
      const response = { content: [{ type: "text", text: "Parts" }] } as const
      const completeStream: NonNullable<Provider["completeStream"]> = () =>
        Stream.fromIterable([{ type: "response_start", metadata: {} }, { type: "response", response }] as const)
      assert.include(yield* textOf({ complete, completeStream }, true), "Parts")
    }))

  it.effect("makes a refusal of a typed failure, with its status, its headers and its kind", () =>
    Effect.gen(function*() {
      const headers = { "retry-after": "7" }
      const error = LlmErrors.of({ kind: "rate_limit", message: "slow down" }, { headers })
      const rejected = yield* Effect.flip(ask({ complete: () => Effect.fail(error) }))
      assert.instanceOf(rejected, ProviderRejected)
      if (rejected._tag !== "ProviderRejected") return
      assert.deepInclude(rejected, { provider: "p", status: 429 })
      assert.deepStrictEqual(rejected.headers, headers)
      assert.deepInclude(canonical.errors.raise(429, JSON.parse(rejected.text)), {
        kind: "rate_limit",
        message: "slow down"
      })
    }))

  it.effect("leaves a provider's own failure as it is; a refusal before a stream's first part is one with its status", () =>
    Effect.gen(function*() {
      const failed = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "gone" })
      assert.strictEqual(yield* Effect.flip(ask({ complete: () => Effect.fail(failed) })), failed)
      assert.strictEqual(yield* Effect.flip(textOf({ complete: () => Effect.fail(failed) }, true)), failed)
      const refusal = LlmErrors.of({ kind: "overloaded", message: "Overloaded" })
      const refused = yield* Effect.flip(textOf({ complete: () => Effect.fail(refusal) }, true))
      assert.deepInclude(refused, { _tag: "ProviderRejected", status: 503 })
    }))

  it.effect("fails where the request is none", () =>
    Effect.gen(function*() {
      const call = { ...callOf({ model: "m" }, canonical), body: { model: "m", messages: 1 } }
      const error = yield* Effect.flip(wireOf({ complete }).send(call))
      assert.deepInclude(error, { _tag: "ProviderFailed", reason: "invalid_answer" })
    }))
})
