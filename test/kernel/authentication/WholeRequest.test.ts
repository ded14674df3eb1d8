/** What is signed is what goes out. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import * as WholeRequest from "../../../src/kernel/authentication/WholeRequest.ts"

describe("WholeRequest", () => {
  it.effect("has the address with its query, and the bytes of the body", () =>
    Effect.gen(function*() {
      const request = HttpClientRequest.post("http://v:81/a%3Ab?c=d").pipe(
        HttpClientRequest.bodyText("ü", "text/plain")
      )
      const { body, headers, method, url } = yield* WholeRequest.of(request)
      assert.deepStrictEqual([method, url.href, headers["content-type"]], [
        "POST",
        "http://v:81/a%3Ab?c=d",
        "text/plain"
      ])
      assert.strictEqual(Buffer.from(body).toString(), "ü")
      assert.lengthOf((yield* WholeRequest.of(HttpClientRequest.get("http://v"))).body, 0)
    }))

  it.effect("is none where there is no address, or nobody knows the bytes yet", () =>
    Effect.gen(function*() {
      const streamed = HttpClientRequest.bodyStream(HttpClientRequest.post("http://v"), Stream.make(new Uint8Array()))
      assert.include((yield* Effect.flip(WholeRequest.of(streamed))).message, "streamed")
      assert.include((yield* Effect.flip(WholeRequest.of(HttpClientRequest.get("/models")))).message, "base_url")
    }))
})
