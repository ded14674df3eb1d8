/** Streams of bytes are written beneath Effect's answer; whatever else is answered, Effect writes. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Cookies, HttpClient, HttpClientRequest, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as Bytes from "../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../src/kernel/bytes/ByteSource.ts"
import * as HttpBytes from "../../src/kernel/bytes/HttpBytes.ts"
import * as PassedAnswer from "../../src/server/PassedAnswer.ts"

const frames = ["data: 1\n\n", "data: 2\n\n"]
const bytes = Bytes.events(200, ByteSource.fromChunks(frames.map((frame) => Buffer.from(frame))), { "x-a": "b" })
const streamed = HttpBytes.toResponse(bytes)

const asked = HttpClientRequest.bodyText(HttpClientRequest.post("/"), "{}")

/** Answers when the body of a request was read. */
const serve = (response: HttpServerResponse.HttpServerResponse) =>
  HttpServer.serveEffect(PassedAnswer.pass(
    Effect.as(Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ text }) => text), response)
  ))

const answers = [
  { name: "a stream of bytes", response: streamed, text: frames.join("") },
  {
    name: "one with a header more",
    response: HttpServerResponse.setHeader(streamed, "x-c", "d"),
    text: frames.join("")
  },
  {
    name: "one with a cookie, by Effect",
    response: HttpServerResponse.updateCookies(
      streamed,
      () => Cookies.fromIterable([Cookies.makeCookieUnsafe("a", "b")])
    ),
    text: frames.join("")
  },
  { name: "an Effect stream", response: HttpServerResponse.stream(Stream.make(Buffer.from("x"))), text: "x" },
  { name: "a text", response: HttpServerResponse.text("plain"), text: "plain" },
  { name: "no content", response: HttpServerResponse.setStatus(streamed, 204), text: "" }
]

describe("PassedAnswer", () => {
  it.live.each(answers)("gives $name", ({ response, text }) =>
    Effect.gen(function*() {
      yield* serve(response)
      const answer = yield* HttpClient.execute(asked)
      assert.strictEqual(answer.status, response.status)
      assert.strictEqual(yield* answer.text, text)
      for (const name of ["x-a", "x-c"]) assert.strictEqual(answer.headers[name], response.headers[name])
    }).pipe(Effect.provide(NodeHttpServer.layerTest)))

  it.live("gives the head alone to who asks for that", () =>
    Effect.gen(function*() {
      yield* serve(streamed)
      const answer = yield* HttpClient.execute(HttpClientRequest.head("/"))
      assert.strictEqual(yield* answer.text, "")
      assert.strictEqual(answer.headers["x-a"], "b")
    }).pipe(Effect.provide(NodeHttpServer.layerTest)))

  it.live("answers what can't be a head with an error, and releases the source", () =>
    Effect.gen(function*() {
      let cancelled = 0
      const source = ByteSource.make<never>(() => ({ pause: () => {}, resume: () => {}, cancel: () => cancelled++ }))
      const response = HttpBytes.toResponse(Bytes.events(200, source, { "x-a": "line\nend" }))
      yield* serve(response)
      assert.strictEqual((yield* HttpClient.execute(asked)).status, 500)
      assert.strictEqual(cancelled, 1)
    }).pipe(Effect.provide(NodeHttpServer.layerTest)))
})
