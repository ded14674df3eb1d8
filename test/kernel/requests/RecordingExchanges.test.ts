/** A request and its answer at debug and at raw level: cut and whole, without secrets, with a digest of what is stored. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Result, Schema } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { mask } from "../../../src/events/redaction/Mask.ts"
import { Secrets } from "../../../src/events/redaction/Secrets.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { Level } from "../../../src/events/types/Event.ts"
import { StreamCapture } from "../../../src/events/types/StreamCapture.ts"
import { headSha256, sha256 } from "../../../src/events/types/Traffic.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import { Recording } from "../../../src/kernel/requests/Recording.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
const key = "Key-0123456789"

const make = (level: Level = "raw", debugBytes = 2048) =>
  Effect.map(Effect.all([EventHub, Clock.Clock]), ([hub, clock]) => {
    const secrets = new Secrets()
    secrets.add(key)
    return new Recording({
      hub,
      clock,
      requestId,
      sessionId: "s",
      parentSessionId: null,
      level,
      debugBytes,
      secrets: [secrets]
    })
  })

/** The payloads at debug and raw level. */
const stored = (recording: Recording) =>
  Effect.gen(function*() {
    yield* recording.flush
    const events = yield* MemoryHub.events({ sessionId: "s" })
    return events.map((event) => Object(payloadOf(event)))
  })

const request = (body: string) => ({
  method: "POST",
  url: `/v1/x?api_key=${key}`,
  headers: { authorization: `Bearer ${key}`, "x-a": "1" },
  body
})

describe("Recording of exchanges", () => {
  it.effect.each([
    { name: "JSON stands as it is", body: `{"a": 1.0}`, expected: { a: 1 } },
    { name: "JSON over lines", body: `{\n"a":1}`, expected: { a: 1 } },
    { name: "what is no JSON is a text", body: "not {", expected: "not {" },
    { name: "nothing is a text", body: "", expected: "" },
    { name: "a secret is masked", body: `{"a":"${key}"}`, expected: { a: mask } },
    { name: "a number that no value can hold is nothing", body: `{"a":1e999}`, expected: { a: null } }
  ])("a request: $name", ({ body, expected }) =>
    Effect.gen(function*() {
      const recording = yield* make()
      recording.request(ApiEvents.Request, () => request(body), {})
      const [debug, raw] = yield* stored(recording)
      assert.deepStrictEqual(debug, { request: expected })
      const masked = body.replaceAll(key, mask)
      assert.deepStrictEqual(raw, {
        method: "POST",
        url: `/v1/x?api_key=${mask}`,
        headers: { authorization: mask, "x-a": "1" },
        body: masked,
        encoding: "utf-8",
        sha256: sha256(masked)
      })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("debug is cut to its bound, whatever is in it", () =>
    Effect.gen(function*() {
      const recording = yield* make("debug", 300)
      for (const body of [JSON.stringify(Array.from({ length: 500 }, () => "ä".repeat(50))), "x".repeat(5000)]) {
        recording.request(ApiEvents.Request, () => request(body), {})
      }
      yield* recording.flush
      const events = yield* MemoryHub.events({ sessionId: "s" })
      assert.lengthOf(events, 2)
      for (const { payload } of events) assert.isAtMost(Buffer.byteLength(payload), 300)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("nothing is read where nothing of it is recorded", () =>
    Effect.gen(function*() {
      const recording = yield* make("default")
      recording.request(ApiEvents.Request, () => assert.fail("it was read"), {})
      assert.deepStrictEqual(yield* stored(recording), [])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("an answer has the digest of its head and of its body", () =>
    Effect.gen(function*() {
      const recording = yield* make()
      const headers = { "content-type": "application/json", "set-cookie": "a=b" }
      recording.answer(ApiEvents.Response, { status: 200, headers }, `{"a":"${key}"}`, {})
      const [debug, raw] = yield* stored(recording)
      const masked = `{"a":"${mask}"}`
      assert.deepStrictEqual(debug, { response: { a: mask } })
      assert.deepInclude(raw, { status: 200, body: masked, encoding: "utf-8", sha256: sha256(masked) })
      assert.strictEqual(raw.head_sha256, headSha256(200, raw.headers))
      assert.notInclude(JSON.stringify(raw), "a=b")
      assert.isTrue(Result.isSuccess(Schema.decodeUnknownResult(ApiEvents.Response.raw.payload)(raw)))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("a stream has its frames, and none where none came", () =>
    Effect.gen(function*() {
      const recording = yield* make()
      const capture = new StreamCapture()
      for (const text of ["data: 1\n", "\ndata: 2\n\n"]) capture.add(Buffer.from(text), 5)
      recording.answer(ApiEvents.Response, { status: 200, headers: {} }, capture.finish(), {})
      recording.answer(ApiEvents.Error, { status: 499, headers: {} }, new StreamCapture().finish(), {})
      const [debug, raw, none] = yield* stored(recording)
      assert.deepStrictEqual(debug, { response: ["data: 1\n\n", "data: 2\n\n"] })
      assert.deepStrictEqual(raw.frames, [[5, "data: 1\n\n"], [5, "data: 2\n\n"]])
      assert.deepStrictEqual(none, { response: null })
    }).pipe(Effect.provide(MemoryHub.layer)))
})
