/** OpenAI's own client against Strata when something goes wrong: the client leaves, or the upstream misbehaves. */
import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { APIError, InternalServerError, RateLimitError } from "openai"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { hello, Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import { ways } from "../support/StrataBehindStrata.ts"

const body = { ...hello, model: "upstream/m" }
const done = "data: [DONE]\n\n"

const given = (answer: ScriptedAnswer, timeout_ms = 600_000) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond: () => answer })
    const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"], timeout_ms })] })
    return { upstream, strata, client: Sdk.make(strata.url) }
  })

/** The payload of the only event of a type, awaited. */
const payload = (strata: Strata, type: string) =>
  Effect.gen(function*() {
    yield* strata.awaitEvents({ types: [type] })
    const events = yield* strata.events({ types: [type] })
    assert.lengthOf(events, 1)
    return payloadOf(events[0]!)
  })

/** What a raw client reads of a streamed answer. */
const streamed = (strata: Strata) => Http.post(strata.url, "/v1/chat/completions", { ...body, stream: true })

const left = Effect.fnUntraced(function*(strata: Strata, upstream: FakeUpstream) {
  yield* upstream.awaitAborted(1)
  assert.deepNestedInclude(yield* payload(strata, "llm:error"), { "error.type": "interrupted" })
  assert.deepNestedInclude(yield* payload(strata, "api:error"), { status: 499, "error.code": "client_closed_request" })
  const types = Strata.ofClients(yield* strata.events()).map(({ type }) => type)
  assert.notInclude(types, "llm:response")
  assert.notInclude(types, "api:response")
})

describe.each(ways)("a client that leaves, before $way", ({ it }) => {
  it.live("in mid-stream interrupts the upstream call", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given(ScriptedAnswer.events([{ n: 1 }], { hold: true }))
      const stream = yield* Effect.tryPromise(() => client.chat.completions.create({ ...body, stream: true }))
      const first: unknown = yield* Effect.tryPromise(() => stream[Symbol.asyncIterator]().next())
      assert.deepStrictEqual(first, { done: false, value: { n: 1 } })
      stream.controller.abort()
      yield* left(strata, upstream)
      const raw = yield* payload(strata, "llm:error:raw")
      assert.deepNestedInclude(raw, { "frames[0][1]": "data: {\"n\":1}\n\n", status: 200 })
    }))

  it.live("before the stream has begun interrupts the upstream call", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given(ScriptedAnswer.silent)
      const asking = yield* Effect.forkChild(Sdk.collect(client, body))
      yield* upstream.awaitReceived(1)
      yield* Fiber.interrupt(asking)
      yield* left(strata, upstream)
    }))

  it.live("before its JSON answer interrupts the upstream call", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given(ScriptedAnswer.silent)
      const asking = yield* Effect.forkChild(Sdk.create(client, body))
      yield* upstream.awaitReceived(1)
      yield* Fiber.interrupt(asking)
      yield* left(strata, upstream)
    }))
})

describe.each(ways)("an upstream that fails, before $way", ({ brokenOff, it }) => {
  it.live("unreachable: 502", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given(ScriptedAnswer.silent)
      yield* upstream.close
      for (const ask of [Sdk.create(client, body), Sdk.collect(client, body)]) {
        const error = yield* Sdk.failureOf<unknown>(ask)
        assert.instanceOf(error, InternalServerError)
        assert.deepInclude(error, { status: 502, code: "provider_unreachable", type: "upstream_error" })
        assert.include(error.message, "ECONNREFUSED")
      }
      const statuses = (yield* strata.events({ types: ["api:error"] })).map(payloadOf)
      for (const each of statuses) assert.deepInclude(each, { status: 502 })
    }))

  it.live("too slow to begin: 504", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given(ScriptedAnswer.silent, 30)
      const error = yield* Sdk.failureOf(Sdk.create(client, body))
      assert.deepInclude(error, { status: 504, code: "provider_timeout" })
      yield* upstream.awaitAborted(1)
      assert.deepInclude(yield* payload(strata, "api:error"), { status: 504 })
    }))

  it.live("429 with retry-after: the same to the client", () =>
    Effect.gen(function*() {
      const envelope = {
        error: { message: "slow down", type: "requests", param: null, code: "rate_limit", extra: [1.5] }
      }
      const headers = { "retry-after": "7", "x-ratelimit-remaining-requests": "0" }
      const { client, strata, upstream } = yield* given(ScriptedAnswer.json(429, envelope, headers))
      for (const ask of [Sdk.create(client, body), Sdk.collect(client, body)]) {
        const error = yield* Sdk.failureOf<unknown>(ask)
        assert.instanceOf(error, RateLimitError)
        assert.deepStrictEqual<unknown>(error.error, envelope.error)
        for (const [name, value] of Object.entries(headers)) assert.strictEqual(error.headers?.get(name), value)
      }
      assert.lengthOf(upstream.received, 2)
      assert.lengthOf(yield* strata.events({ types: ["llm:error"] }), 2)
    }))

  it.live("500 with a page of HTML: 500 in the envelope", () =>
    Effect.gen(function*() {
      const { client } = yield* given({ _tag: "Fixed", status: 500, body: "<html>broken</html>" })
      const error = yield* Sdk.failureOf(Sdk.create(client, body))
      assert.deepInclude(error, { status: 500, type: "upstream_error" })
      assert.include(error.message, "<html>broken</html>")
    }))

  it.live("an answer that is not JSON: 502", () =>
    Effect.gen(function*() {
      const { client } = yield* given({ _tag: "Fixed", status: 200, body: "hello" })
      const error = yield* Sdk.failureOf(Sdk.create(client, body))
      assert.deepInclude(error, { status: 502, code: "provider_invalid_answer" })
    }))

  it.live("dead in mid-stream: the client's stream fails after what came", () =>
    Effect.gen(function*() {
      const dying = ScriptedAnswer.events([{ n: 1 }, { n: 2 }, { n: 3 }], { destroyAfter: 2 })
      const { client, strata } = yield* given(dying)
      const chunks: Array<unknown> = []
      const error = yield* Sdk.failureOf(Sdk.collect(client, body, chunks))
      assert.instanceOf(error, APIError)
      assert.strictEqual(error.code, "provider_unreachable")
      assert.deepStrictEqual(chunks, [{ n: 1 }, { n: 2 }])
      assert.deepInclude(yield* payload(strata, "llm:error"), { status: 200 })
      assert.deepInclude(yield* payload(strata, "api:error"), { status: brokenOff })
      const types = Strata.ofClients(yield* strata.events()).map(({ type }) => type)
      assert.notInclude(types, "llm:response")
      assert.notInclude(types, "api:response")
    }))
})

const frames = (...texts: ReadonlyArray<string>): ScriptedAnswer => ({
  _tag: "Frames",
  frames: texts.map((text) => ({ text, delay: "5 millis" }))
})
const one = "data: {\"n\":1,\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"

describe.each(ways)("the end of a stream, before $way", ({ it }) => {
  const cases: ReadonlyArray<readonly [name: string, answer: ScriptedAnswer, expected: string]> = [
    ["as it should be", frames(one, done), one + done],
    ["with its last chunk", frames(one + done), one + done],
    ["missing", frames(one), one + done],
    ["missing, with no empty line before it", frames(one.trimEnd()), one + done],
    ["split in the word", frames(one, "data: [DO", "NE]\n\n"), one + done],
    ["split in its first line", frames(`${one}da`, "ta: [DONE]\n\n"), one + done],
    ["split in its line ends", frames(one, "data: [DONE]\n", "\n"), one + done],
    ["byte by byte", frames(one, ...done), one + done],
    ["without a space", frames(one, "data:[DONE]\n\n"), one + done],
    ["with CRLF", frames(one.replaceAll("\n", "\r\n"), "data: [DONE]\r\n\r\n"), one.replaceAll("\n", "\r\n") + done],
    ["only what looks like it", frames(`${one}data: [DO`, "RE]\n\n"), `${one}data: [DORE]\n\n${done}`],
    ["alone", frames(done), done]
  ]
  it.live.each(cases)("%s is one [DONE]", ([, answer, expected]) =>
    Effect.gen(function*() {
      const { strata } = yield* given(answer)
      const { text } = yield* streamed(strata)
      assert.strictEqual(text, expected)
    }))
})
