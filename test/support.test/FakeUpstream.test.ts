/** OpenAI's own client reads from the fake upstream exactly what was recorded, and sees every scripted misbehaviour. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Console, Effect, Fiber, Stream } from "effect"
import type OpenAI from "openai"
import { APIConnectionError, APIConnectionTimeoutError } from "openai"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Recordings } from "../support/Recordings.ts"
import type { Exchange } from "../support/Recordings.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { hello, Sdk } from "../support/Sdk.ts"

const vendors = ["openai", "ollama", "azure", "vllm", "bedrock", "watsonx"] as const

const clientOf = (upstream: FakeUpstream, options: { readonly timeout?: number; readonly apiKey?: string } = {}) =>
  Sdk.make(upstream.url.replace(/\/v1$/, ""), options)
const { failureOf, readAll } = Sdk
const create = (client: OpenAI) => Sdk.create(client, hello)
const collect = (client: OpenAI, chunks: Array<unknown>) => Sdk.collect(client, hello, chunks)
const ask = (client: OpenAI, { request }: Exchange) => Effect.map(Sdk.ask(client, request), ({ answer }) => answer)

const always = (answer: ScriptedAnswer) => () => answer

const broken = (): ScriptedAnswer => {
  throw new Error("broken script")
}

describe.skipIf(!Recordings.available)(`FakeUpstream, recorded ${Recordings.reason}`, () => {
  it.live.each(vendors)("gives the client every chat exchange of %s", (vendor) =>
    Effect.gen(function*() {
      const exchanges = Recordings.load({ vendors: [vendor], endpoint: "/v1/chat/completions" })
      const upstream = yield* FakeUpstream.make({ exchanges })
      const client = clientOf(upstream)
      const counts = { Json: 0, Stream: 0, Error: 0, chunks: 0 }
      for (const exchange of exchanges) {
        const answer = yield* ask(client, exchange)
        assert.deepStrictEqual(answer, exchange.answer)
        counts[answer._tag] += 1
        counts.chunks += answer._tag === "Stream" ? answer.chunks.length : 0
      }
      yield* Console.log(vendor, exchanges.length, counts)
      assert.isAbove(exchanges.length, 0)
      assert.strictEqual(upstream.received.length, exchanges.length)
      assert.strictEqual(upstream.aborted, 0)
    }))

  it.effect("names the nearest body, and how often a body was recorded", () =>
    Effect.gen(function*() {
      const exchange = Recordings.load({ vendors: ["openai"], endpoint: "/v1/chat/completions" })[0]!
      const client = clientOf(yield* FakeUpstream.make({ exchanges: [exchange] }))
      const other = yield* ask(client, { ...exchange, request: { ...exchange.request, model: "another" } })
      assert.strictEqual(other.status, 404)
      assert.match(JSON.stringify(other), /nearest of 1 is exchange 0 .*1 differences: \$\.model is .*another/)
      assert.deepStrictEqual(yield* ask(client, exchange), exchange.answer)
      assert.match(JSON.stringify(yield* ask(client, exchange)), /recorded 1 times, asked for 2 times/)
    }))
})

describe("FakeUpstream, scripted", () => {
  it.effect("lists models, checks the key, and says what it does not know", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ models: ["a", "b/c"], apiKey: "right" })
      const right = clientOf(upstream, { apiKey: "right" })
      const models = yield* Stream.runCollect(readAll(right.models.list()))
      assert.deepStrictEqual(models.map(({ id }) => id), ["a", "b/c"])
      assert.strictEqual((yield* failureOf(create(clientOf(upstream)))).status, 401)
      assert.strictEqual((yield* failureOf(create(right))).code, "no_recorded_exchange")
      assert.strictEqual((yield* failureOf(Effect.tryPromise(() => right.get("/nowhere")))).code, "unknown_url")
      assert.deepStrictEqual(upstream.received.map(({ method, path }) => `${method} ${path}`), [
        "GET /v1/models",
        "POST /v1/chat/completions",
        "POST /v1/chat/completions",
        "GET /v1/nowhere"
      ])
      assert.deepStrictEqual<unknown>(upstream.received[1]?.body, { ...hello, stream: false })
      assert.strictEqual(upstream.received[1]?.headers["authorization"], "Bearer key")
    }))

  it.effect("answers with a given status, headers and text", () =>
    Effect.gen(function*() {
      const limited: ScriptedAnswer = { _tag: "Fixed", status: 429, headers: { "retry-after": "7" }, body: "slow down" }
      const respond = always(limited)
      const error = yield* failureOf(create(clientOf(yield* FakeUpstream.make({ respond }))))
      assert.strictEqual(error.status, 429)
      assert.strictEqual(error.headers?.get("retry-after"), "7")
      assert.include(error.message, "slow down")
    }))

  it.effect("streams with delays in real time, under a test's clock too", () =>
    Effect.gen(function*() {
      const respond = always(ScriptedAnswer.events([{ n: 1 }, { n: 2 }], { delay: "5 millis" }))
      const chunks = yield* collect(clientOf(yield* FakeUpstream.make({ respond })), [])
      assert.deepStrictEqual(chunks, [{ n: 1 }, { n: 2 }])
    }))

  it.live("holds a stream open until the client goes", () =>
    Effect.gen(function*() {
      const respond = always(ScriptedAnswer.events([{ n: 1 }], { hold: true }))
      const upstream = yield* FakeUpstream.make({ respond })
      const chunks: Array<unknown> = []
      const fiber = yield* Effect.forkChild(collect(clientOf(upstream), chunks))
      yield* Effect.sleep("1 millis").pipe(Effect.repeat({ until: () => chunks.length > 0 }))
      assert.strictEqual(upstream.aborted, 0)
      yield* Fiber.interrupt(fiber)
      yield* upstream.awaitAborted(1)
      assert.strictEqual(upstream.aborted, 1)
      assert.deepStrictEqual(chunks, [{ n: 1 }])
    }))

  it.effect("destroys the socket after some frames", () =>
    Effect.gen(function*() {
      const respond = always(ScriptedAnswer.events([{ n: 1 }, { n: 2 }, { n: 3 }], { destroyAfter: 2 }))
      const upstream = yield* FakeUpstream.make({ respond })
      const chunks: Array<unknown> = []
      yield* Effect.flip(collect(clientOf(upstream), chunks))
      assert.deepStrictEqual(chunks, [{ n: 1 }, { n: 2 }])
      assert.strictEqual(upstream.aborted, 0)
    }))

  it.effect("never answers, until the client's own timeout", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: always(ScriptedAnswer.silent) })
      const error = yield* failureOf(create(clientOf(upstream, { timeout: 30 })))
      assert.instanceOf(error, APIConnectionTimeoutError)
      yield* upstream.awaitAborted(1)
    }))

  it.effect("dies when the awaited disconnect does not come", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make()
      const cause = yield* upstream.awaitAborted(1, "10 millis").pipe(Effect.sandbox, Effect.flip)
      assert.include(Cause.pretty(cause), "waited for 1 aborted requests, saw 0")
    }))

  it.effect("can be switched off, also with an answer under way", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: always(ScriptedAnswer.events([{ n: 1 }], { hold: true })) })
      const fiber = yield* Effect.forkChild(Effect.flip(collect(clientOf(upstream), [])))
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => upstream.received.length > 0 }))
      yield* upstream.close
      yield* upstream.close
      yield* Fiber.join(fiber)
      assert.strictEqual(upstream.aborted, 0)
      assert.instanceOf(yield* failureOf(create(clientOf(upstream))), APIConnectionError)
    }))

  it.effect("answers 500 when its own script throws", () =>
    Effect.gen(function*() {
      const error = yield* failureOf(create(clientOf(yield* FakeUpstream.make({ respond: broken }))))
      assert.strictEqual(error.status, 500)
      assert.include(error.message, "broken script")
    }))
})
