/** A client that answers from a recording gives what the vendor gave: bytes, frames, breaks and failures. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import * as VendorError from "../../../src/kernel/calls/VendorError.ts"
import type { RecordedAnswer } from "../../../src/kernel/replay/ReplayCalls.ts"
import * as ReplayHttpClient from "../../../src/kernel/replay/ReplayHttpClient.ts"

const ask = (answer: RecordedAnswer | undefined) =>
  ReplayHttpClient.make(() => Effect.succeed(answer)).execute(HttpClientRequest.get("http://vendor/v1"))

const answer = (given: Partial<RecordedAnswer>): RecordedAnswer => ({
  status: 200,
  headers: {},
  encoding: "utf-8",
  sha256: "",
  ...given
})

const failure = { type: "TransportError", message: "ECONNRESET: read" }

describe("RecordedHttpClient", () => {
  it.effect("gives a body with its status and headers", () =>
    Effect.gen(function*() {
      const response = yield* ask(answer({ status: 429, headers: { "retry-after": "7" }, body: `{"é":1}` }))
      assert.strictEqual(response.status, 429)
      assert.strictEqual(response.headers["retry-after"], "7")
      assert.strictEqual(yield* response.text, `{"é":1}`)
    }))

  it.effect("gives bytes that are no text as they were", () =>
    Effect.gen(function*() {
      const bytes = Buffer.from([0xff, 0x00, 0xfe])
      const response = yield* ask(answer({ body: bytes.toString("base64"), encoding: "base64" }))
      assert.deepStrictEqual(Buffer.from(yield* response.arrayBuffer), bytes)
    }))

  it.effect("gives a stream frame by frame", () =>
    Effect.gen(function*() {
      const response = yield* ask(answer({ frames: [[5, "data: 1\n\n"], [9, "data: é\n\n"]] }))
      const chunks = yield* Stream.runCollect(response.stream)
      assert.deepStrictEqual(chunks.map((chunk) => Buffer.from(chunk).toString()), ["data: 1\n\n", "data: é\n\n"])
    }))

  it.effect("breaks a stream where it broke, with the same words", () =>
    Effect.gen(function*() {
      const response = yield* ask(answer({ frames: [[5, "data: 1\n\n"]], failure }))
      const seen: Array<string> = []
      const error = yield* Effect.flip(
        Stream.runForEach(response.stream, (chunk) => Effect.sync(() => void seen.push(Buffer.from(chunk).toString())))
      )
      assert.deepStrictEqual(seen, ["data: 1\n\n"])
      assert.strictEqual(VendorError.describe(error), failure.message)
    }))

  it.effect.each([204, 205, 304])(
    "gives an answer with the status %d, which has no body",
    (status) =>
      Effect.gen(function*() {
        const response = yield* ask(answer({ status, body: "" }))
        assert.strictEqual(response.status, status)
        assert.strictEqual(yield* response.text, "")
      })
  )

  it.effect("fails as the call failed that had no answer", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(ask(answer({ status: null, frames: [], failure })))
      assert.strictEqual(error.reason._tag, "TransportError")
      assert.strictEqual(VendorError.describe(error), failure.message)
    }))

  it.effect("fails where the recording has no answer, and sends nothing", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(ask(undefined))
      assert.strictEqual(VendorError.describe(error), "the recording has no answer to this request")
    }))
})
