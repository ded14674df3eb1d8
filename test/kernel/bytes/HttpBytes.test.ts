/** What passes is the same before and behind Effect's HTTP server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import * as HttpBytes from "../../../src/kernel/bytes/HttpBytes.ts"
import { plain } from "../../../src/kernel/bytes/StreamDialect.ts"
import * as InProcess from "../../support/InProcess.ts"

const again = <E>(bytes: Bytes.Bytes<E>) => HttpBytes.fromResponse(HttpBytes.toResponse(bytes))

describe("HttpBytes", () => {
  it("a text comes back with its status, its head and every character", () => {
    const bytes = again(Bytes.json(418, "{\"a\":\"ä😀\"}", { "retry-after": "2" }))
    assert.deepInclude(bytes, { status: 418, body: "{\"a\":\"ä😀\"}" })
    assert.deepInclude(bytes.headers, { "content-type": "application/json", "retry-after": "2" })
  })

  it.effect("a stream comes back with its bytes and its dialect", () =>
    Effect.gen(function*() {
      const chunks = ["data: 1\n\n", "data: 2\n\n"].map((text): Uint8Array => Buffer.from(text))
      const bytes = again(Bytes.events(200, ByteSource.fromStream(Stream.fromIterable(chunks)), {}, plain))
      assert.strictEqual(bytes.dialect, plain)
      assert.strictEqual(bytes.headers["content-type"], "text/event-stream; charset=utf-8")
      assert.strictEqual(yield* InProcess.textOf(bytes), "data: 1\n\ndata: 2\n\n")
    }))

  it.effect("Effect's stream is made where it is asked for, and has the bytes", () =>
    Effect.gen(function*() {
      const { open } = ByteSource.fromChunks([Buffer.from("data: 1\n\n")])
      let made = 0
      const source = {
        open,
        get stream() {
          made++
          return ByteSource.fromChunks([Buffer.from("data: 1\n\n")]).stream
        }
      }
      const response = HttpBytes.toResponse(Bytes.events(200, source, {}, plain))
      assert.strictEqual(made, 0)
      const text = yield* Effect.promise(() => HttpServerResponse.toWeb(response).text())
      assert.strictEqual(text, "data: 1\n\n")
      assert.strictEqual(made, 1)
    }))

  it.each([
    { name: "bytes", response: HttpServerResponse.uint8Array(Buffer.from("ä")), body: "ä" },
    { name: "JSON", response: HttpServerResponse.jsonUnsafe({ a: 1 }), body: "{\"a\":1}" },
    { name: "nothing", response: HttpServerResponse.empty(), body: "" }
  ])("an answer that was never bytes is read: $name", ({ body, response }) => {
    const bytes = HttpBytes.fromResponse(response)
    assert.strictEqual(bytes.body, body)
    assert.notProperty(bytes, "dialect")
  })
})
