/** What a vendor of OpenAI's dialect answers goes through as it is; what it does not answer becomes a typed failure. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { isStreamed } from "../../../src/kernel/bytes/Bytes.ts"
import * as TimeLimitExceeded from "../../../src/kernel/client/TimeLimitExceeded.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../../src/kernel/dialects/DialectVendor.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import * as ProviderData from "../../../src/kernel/provider/ProviderData.ts"
import type { Answer } from "../../support/FakeVendor.ts"
import * as FakeVendor from "../../support/FakeVendor.ts"
import { callOf } from "../../support/WireCalls.ts"

const text = `{ "model":"m",  "messages":[{"role":"user","content":"hi"}], "seed":1.0 }`
const call = { ...callOf({ model: "m", messages: [{ role: "user", content: "hi" }] }), text }

const vendor = (answer: (request: HttpClientRequest.HttpClientRequest) => Answer) => {
  const client = FakeVendor.make(answer)
  const calls = DialectVendor.make({
    dialect: chat,
    provider: "p",
    client: HttpClient.mapRequest(client, HttpClientRequest.prependUrl("http://vendor/v1"))
  })
  return { received: client.received, ...calls }
}

const rejected = (status: number, text: string, headers: Record<string, string> = {}) =>
  new ProviderRejected({ provider: "p", status, headers, text })
const failed = (reason: ProviderFailed["reason"], detail: string) =>
  new ProviderFailed({ provider: "p", reason, detail })
const wrapped = (message: string) =>
  JSON.stringify({ error: { message, type: "upstream_error", param: null, code: null } })

const error = `{"error": {"message":"Bad key", "code":"invalid_api_key"},  "x":1.0}`
const html = "<html>Bad gateway</html>"

/** Whatever is asked: the answer, and the failure it becomes. */
const refused: ReadonlyArray<{
  readonly name: string
  readonly answer: (request: HttpClientRequest.HttpClientRequest) => Answer
  readonly failure: ProviderRejected | ProviderFailed
}> = [
  {
    name: "a vendor's error, letter by letter",
    answer: () => new Response(error, { status: 401 }),
    failure: rejected(401, error)
  },
  {
    name: "an error with the headers that concern the client, and no others",
    answer: () =>
      new Response(error, {
        status: 429,
        headers: {
          "retry-after": "7",
          "retry-after-ms": "6500",
          "x-should-retry": "false",
          "x-ratelimit-remaining-tokens": "0",
          "openai-processing-ms": "12",
          "set-cookie": "session=secret",
          "x-request-id": "vendor-1",
          "content-length": "5"
        }
      }),
    failure: rejected(429, error, {
      "openai-processing-ms": "12",
      "retry-after": "7",
      "retry-after-ms": "6500",
      "x-should-retry": "false",
      "x-ratelimit-remaining-tokens": "0"
    })
  },
  {
    name: "an error page, put into the dialect's envelope",
    answer: () => new Response(html, { status: 502, headers: { "content-type": "text/html" } }),
    failure: rejected(502, wrapped(`The provider p answered 502: ${html}`))
  },
  {
    name: "a long error page, of which the beginning says enough",
    answer: () => new Response("x".repeat(10_000), { status: 500 }),
    failure: rejected(500, wrapped(`The provider p answered 500: ${"x".repeat(500)}`))
  },
  {
    name: "an error without a body",
    answer: () => new Response(null, { status: 503 }),
    failure: rejected(503, wrapped("The provider p answered 503: "))
  },
  {
    name: "an error where a stream was to come",
    answer: () => new Response(`data: ${error}\n\n`, { status: 400, headers: { "content-type": "text/event-stream" } }),
    failure: rejected(400, wrapped(`The provider p answered 400: data: ${error}\n\n`))
  },
  {
    name: "a vendor that can't be reached",
    answer: (request) =>
      FakeVendor.unreachable(
        request,
        Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" })
      ),
    failure: failed("unreachable", "ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1")
  },
  {
    name: "an answer that is not JSON",
    answer: () => new Response("hello", { headers: { "content-type": "text/plain" } }),
    failure: failed("invalid_answer", "not JSON: hello")
  },
  {
    name: "an answer that breaks off",
    answer: () => new Response(`{"choices":[{"message":{"content":"It is`),
    failure: failed("invalid_answer", `JSON that breaks off: {"choices":[{"message":{"content":"It is`)
  },
  {
    name: "an answer that breaks off behind a part of it",
    answer: () => new Response(`{"usage":{"total_tokens":1},"choices":[`),
    failure: failed("invalid_answer", `JSON that breaks off: {"usage":{"total_tokens":1},"choices":[`)
  },
  {
    name: "an error that breaks off",
    answer: () => new Response(`{"error":{"mess`, { status: 400 }),
    failure: rejected(400, wrapped(`The provider p answered 400: {"error":{"mess`))
  },
  {
    name: "a redirection",
    answer: () => Response.json({ id: "1" }, { status: 302, headers: { location: "/elsewhere" } }),
    failure: failed("invalid_answer", "status 302: check base_url")
  }
]

describe("DialectVendor", () => {
  it.effect.each(refused)("a chat fails with $name", ({ answer, failure }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.flip(vendor(answer).send(call)), failure)
    }))

  it.effect.each(refused)("a list of models fails with $name", ({ answer, failure }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.flip(vendor(answer).listModels), failure)
    }))

  it.effect("a chat fails with an answer that is a list, and with an empty one", () =>
    Effect.gen(function*() {
      for (const body of ["[1]", ""]) {
        const failure = yield* Effect.flip(vendor(() => new Response(body)).send(call))
        assert.deepStrictEqual(failure, failed("invalid_answer", `not JSON: ${body}`))
      }
    }))

  it.effect("a list of models fails with JSON of another shape", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(vendor(() => FakeVendor.json({ models: ["m"] })).listModels)
      assert.strictEqual(failure._tag, "ProviderFailed")
      assert.include(failure.message, "The provider p gave an answer that is not understood: ")
    }))

  it.effect("a vendor that takes too long is a typed failure of its own, whoever asks", () =>
    Effect.gen(function*() {
      const late = TimeLimitExceeded.make("first_byte", 600_000)
      const { send, listModels } = vendor((request) => FakeVendor.unreachable(request, late))
      for (const each of [Effect.asVoid(send(call)), Effect.asVoid(listModels)]) {
        assert.deepStrictEqual(yield* Effect.flip(each), failed("timeout", "no answer within 10m"))
      }
    }))

  it.effect("a stream that breaks gives what came, then fails, and has no [DONE]", () =>
    Effect.gen(function*() {
      const answer = yield* vendor(() => FakeVendor.events(["data: 1\n\n", "data: 2\n\n"], "breaks")).send(
        call
      )
      if (!isStreamed(answer)) return assert.fail("it is a stream")
      const seen: Array<string> = []
      const failure = yield* Effect.flip(
        Stream.runForEach(
          answer.body.stream,
          (chunk) => Effect.sync(() => void seen.push(Buffer.from(chunk).toString()))
        )
      )
      assert.deepStrictEqual(failure, failed("unreachable", "connection reset"))
      assert.deepStrictEqual(seen, ["data: 1\n\n", "data: 2\n\n"])
    }))

  it.effect("sends the request's text untouched and gives the answer's untouched", () =>
    Effect.gen(function*() {
      const body = ` { "id":"c",  "usage":{"total_tokens":1.0} }`
      const headers = { "x-ratelimit-limit": "9", server: "vendor" }
      const { send, received } = vendor(() => new Response(body, { headers }))
      const { dialect, ...answer } = yield* send(call)
      assert.isUndefined(dialect?.failureIn?.({ json: JSON.parse(body), frames: undefined }))
      assert.deepStrictEqual(answer, {
        status: 200,
        headers: { "x-ratelimit-limit": "9", "content-type": "application/json" },
        body
      })
      const { body: sent, headers: sentHeaders, method, url } = received[0]!
      assert.strictEqual(`${method} ${url}`, "POST http://vendor/v1/chat/completions")
      assert.strictEqual(sentHeaders["content-type"], "application/json")
      assert.strictEqual(sent._tag === "Uint8Array" ? Buffer.from(sent.body).toString() : sent._tag, text)
    }))

  it.effect("gives a stream's bytes, and its end", () =>
    Effect.gen(function*() {
      const finish = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n`
      const answer = yield* vendor(() => FakeVendor.events(["data: 1\n", `\ndata: 2\n\n${finish}`])).send(
        call
      )
      if (!isStreamed(answer)) return assert.fail("it is a stream")
      const given = Buffer.concat(yield* Stream.runCollect(answer.body.stream)).toString()
      assert.strictEqual(given, `data: 1\n\ndata: 2\n\n${finish}data: [DONE]\n\n`)
    }))

  it.effect("lists the vendor's models", () =>
    Effect.gen(function*() {
      const { listModels, received } = vendor(() => FakeVendor.json({ data: [{ id: "m", owned_by: "v" }] }))
      assert.deepStrictEqual(yield* listModels, [{ id: "m", created: 0, owned_by: "v" }])
      assert.strictEqual(`${received[0]?.method} ${received[0]?.url}`, "GET http://vendor/v1/models")
    }))

  it.effect("reads no list of models without end", () =>
    Effect.gen(function*() {
      let given = 0
      const chunk = new Uint8Array(1024 * 1024).fill(32)
      const endless = new ReadableStream({
        pull: (controller) => {
          given++
          controller.enqueue(chunk)
        }
      })
      const error = yield* Effect.flip(vendor(() => new Response(endless)).listModels)
      assert.include(error.message, "16")
      assert.isBelow(given, 30)
    }))

  it.effect("says of a vendor without a list what to do, and that it works", () =>
    Effect.gen(function*() {
      const { health, listModels } = vendor(() => FakeVendor.json({ error: { message: "no route" } }, { status: 404 }))
      assert.include((yield* Effect.flip(listModels)).message, "name the models under `models`")
      yield* health
      const refusing = vendor(() => FakeVendor.json({ error: { message: "wrong key" } }, { status: 401 }))
      assert.include((yield* Effect.flip(refusing.health)).message, "401")
    }))

  it.effect("asks elsewhere where it is told to, and for the models on behalf of no client", () =>
    Effect.gen(function*() {
      const asked: Array<string> = []
      const client = HttpClient.mapRequestEffect(
        FakeVendor.make(() => FakeVendor.json({ data: [] })),
        (request) =>
          Effect.withFiber((fiber) => {
            asked.push(`${request.url} ${fiber.getRef(ProviderData.CurrentProviderData).size}`)
            return Effect.succeed(HttpClientRequest.prependUrl(request, "http://vendor"))
          })
      )
      const { send, listModels } = DialectVendor.make({
        dialect: chat,
        provider: "p",
        client,
        path: () => "/chat",
        models: { path: "/list" }
      })
      yield* Effect.andThen(send(call), listModels).pipe(
        Effect.provideService(ProviderData.CurrentProviderData, new Map([["inference/p", { api_key: "k" }]]))
      )
      assert.deepStrictEqual(asked, ["/chat 1", "/list 0"])
    }))
})
