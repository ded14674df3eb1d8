/** What goes over the wire on behalf of a request becomes events: in order, complete, once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"
import * as RecordingHttpClient from "../../../src/kernel/calls/RecordingHttpClient.ts"
import * as FakeVendor from "../../support/FakeVendor.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import {
  eventId,
  inCall,
  onBehalf,
  payloads,
  post,
  requestId,
  requests,
  responses,
  types
} from "../../support/RecordedCall.ts"

describe("RecordingHttpClient", () => {
  it.effect("tells a call in order, each event with its cause", () =>
    Effect.gen(function*() {
      yield* onBehalf(() => FakeVendor.json({ id: 1 }), Effect.flatMap(({ text }) => text))
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(events.map(({ causationId, id, type }) => [type, id, causationId]), [
        ["llm:request", eventId(1), EventIds.nth(requestId, 1)],
        ["llm:request:debug", eventId(2), eventId(1)],
        ["llm:request:raw", eventId(3), eventId(1)],
        ["llm:response", eventId(4), eventId(1)],
        ["llm:response:debug", eventId(5), eventId(4)],
        ["llm:response:raw", eventId(6), eventId(4)]
      ])
      for (const event of events) {
        assert.deepInclude(event, { requestId, sessionId: "s", attempt: 1, provider: "p", stream: "session-s" })
      }
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("keeps both sides complete, secrets redacted", () =>
    Effect.gen(function*() {
      const body = `{"text":"it was sk-secret-2"}`
      const headers = { "set-cookie": "c=1", "content-type": "application/json" }
      yield* onBehalf(() => new Response(body, { headers }), Effect.flatMap(({ text }) => text), {
        secret: "sk-secret-2"
      })
      const told = yield* payloads
      assert.deepStrictEqual(told["llm:request"], { provider: "p", model: "m", stream: false, call: "1" })
      assert.deepStrictEqual(told["llm:request:debug"], { request: { a: 1 } })
      assert.deepStrictEqual(told["llm:request:raw"], {
        method: "POST",
        url: "http://vendor/v1/chat?api_key=[REDACTED]&n=1",
        headers: { authorization: "[REDACTED]", "content-type": "application/json", "content-length": "7" },
        body: `{"a":1}`,
        encoding: "utf-8",
        sha256: sha256(`{"a":1}`)
      })
      const masked = body.replace("sk-secret-2", "[REDACTED]")
      assert.deepStrictEqual(told["llm:response"], {
        provider: "p",
        model: "m",
        status: 200,
        time_to_first_chunk_ms: null,
        finish_reason: "stop",
        duration_ms: 0
      })
      assert.deepStrictEqual(told["llm:response:debug"], { response: JSON.parse(masked) })
      assert.deepStrictEqual(told["llm:response:raw"], {
        status: 200,
        headers: { "set-cookie": "[REDACTED]", "content-type": "application/json" },
        head_sha256: sha256(`[200,[["content-type","application/json"],["set-cookie","[REDACTED]"]]]`),
        body: masked,
        encoding: "utf-8",
        sha256: sha256(masked)
      })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("leaves no part of a secret where a debug payload is cut", () =>
    Effect.gen(function*() {
      const secret = "sk-secret-that-is-long"
      const body = JSON.stringify({ text: `${"x".repeat(175)}${secret}`, rest: "y".repeat(4000) })
      yield* onBehalf(() => new Response(body), Effect.flatMap(({ text }) => text), { secret })
      const shown = JSON.stringify((yield* payloads)["llm:response:debug"])
      assert.include(shown, "truncated")
      assert.notInclude(shown, "sk-s")
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect.each([
    { level: "default" as const, seen: ["llm:request", "llm:response"] },
    { level: "debug" as const, seen: [...requests.slice(0, 2), ...responses.slice(0, 2)] },
    { level: "raw" as const, seen: [...requests, ...responses] }
  ])("records up to the level $level", ({ level, seen }) =>
    Effect.gen(function*() {
      yield* onBehalf(() => FakeVendor.json({}), Effect.flatMap(({ text }) => text), { level })
      assert.deepStrictEqual(yield* types, seen)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect.each([
    { levels: { p: "raw" as const }, seen: [...requests, ...responses] },
    { levels: { p: "default" as const }, seen: ["llm:request", "llm:response"] },
    { levels: { q: "raw" as const }, seen: [...requests.slice(0, 2), ...responses.slice(0, 2)] }
  ])(
    "records up to the level of its provider, $levels, in place of the request's",
    ({ levels, seen }) =>
      Effect.gen(function*() {
        const providerLevels = new Map(Object.entries(levels))
        yield* onBehalf(() => FakeVendor.json({}), Effect.flatMap(({ text }) => text), {
          level: "debug",
          providerLevels
        })
        assert.deepStrictEqual(yield* types, seen)
        const { id } = (yield* MemoryHub.events({ types: ["llm:response"] }))[0]!
        assert.strictEqual(id, eventId(4))
      }).pipe(Effect.provide(MemoryHub.layer))
  )

  const long = "漢字🎉\"\n".repeat(2000)
  it.effect.each([
    { name: "JSON", answer: () => FakeVendor.json({ long, list: [...long] }) },
    { name: "text", answer: () => new Response(long) },
    { name: "a stream", answer: () => FakeVendor.events(Array.from({ length: 500 }, () => "data: 漢字🎉\n\n")) },
    { name: "an error", answer: () => FakeVendor.json({ error: { message: long } }, { status: 500 }) }
  ])("bounds a debug payload in bytes, all of it: $name", ({ answer }) =>
    Effect.gen(function*() {
      const debugBytes = 300
      const client = RecordingHttpClient.wrap(FakeVendor.make(answer))
      const request = HttpClientRequest.bodyText(post, JSON.stringify({ long }), "application/json")
      yield* onBehalf(answer, () =>
        Effect.flatMap(inCall(client.execute(request)), ({ headers, stream, text }) =>
          headers["content-type"] === "text/event-stream" ? Stream.runDrain(stream) : Effect.asVoid(text)), {
        debugBytes
      })
      const events = yield* MemoryHub.events()
      const shown = events.filter(({ level }) =>
        level === "debug"
      )
      assert.lengthOf(shown, 2)
      for (const { payload } of shown) {
        assert.isAtMost(Buffer.byteLength(payload), debugBytes)
        assert.isAtLeast(Buffer.byteLength(payload), debugBytes / 3)
        assert.match(payload, /\(truncated \d+ (characters|items|fields)\)/)
        JSON.parse(payload)
      }
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("hands the request to the log before it is sent", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      let before: ReadonlyArray<string> = []
      yield* onBehalf(() => FakeVendor.json({}), (send) =>
        Effect.gen(function*() {
          const response = yield* send
          before = yield* types
          return yield* response.text
        }))
      assert.deepStrictEqual(before, requests)
      assert.strictEqual(yield* hub.head, 6)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("numbers the attempts of a request", () =>
    Effect.gen(function*() {
      let asked = 0
      const answer = () => FakeVendor.json({}, { status: asked++ === 0 ? 503 : 200 })
      yield* onBehalf(answer, (send) => {
        const once = Effect.flatMap(send, ({ text }) => text)
        return Effect.andThen(once, once)
      })
      const events = yield* MemoryHub.events({ level: "default" })
      assert.deepStrictEqual(events.map(({ attempt, type }) => [attempt, type]), [
        [1, "llm:request"],
        [1, "llm:error"],
        [2, "llm:request"],
        [2, "llm:response"]
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("tells a body once, however it is read and how often", () =>
    Effect.gen(function*() {
      yield* onBehalf(() => FakeVendor.json({ a: 1 }), (send) =>
        Effect.gen(function*() {
          const response = yield* send
          assert.deepStrictEqual(yield* response.json, { a: 1 })
          assert.strictEqual(Buffer.from(yield* response.arrayBuffer).toString(), `{"a":1}`)
          return yield* response.text
        }))
      assert.deepStrictEqual(yield* types, [...requests, ...responses])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("keeps a stream frame by frame, with the times they came", () =>
    Effect.gen(function*() {
      const chunks = ["data: 1\n\nda", "ta: 2\n\n"]
      const vendor = FakeVendor.eventsOnDemand(chunks)
      yield* onBehalf(() => vendor.response, (send) =>
        Effect.flatMap(send, ({ stream }) =>
          Stream.runForEach(stream, () =>
            Effect.andThen(TestClock.adjust("7 millis"), Effect.sync(vendor.next)))))
      const { "llm:response": base, "llm:response:debug": debug, "llm:response:raw": raw } = yield* payloads
      assert.deepStrictEqual([base.time_to_first_chunk_ms, base.duration_ms], [0, 14])
      assert.deepStrictEqual(debug, { response: ["data: 1\n\n", "data: 2\n\n"] })
      assert.deepStrictEqual(raw.frames, [[0, "data: 1\n\n"], [7, "data: 2\n\n"]])
      assert.strictEqual(raw.sha256, sha256(chunks.join("")))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("writes every event on one line, however the bodies are laid out", () =>
    Effect.gen(function*() {
      const pretty = JSON.stringify({ a: [1, 2] }, null, 2)
      const client = RecordingHttpClient.wrap(FakeVendor.make(() => new Response(pretty)))
      const request = HttpClientRequest.bodyText(post, pretty, "application/json")
      yield* onBehalf(() => new Response(), () => Effect.flatMap(inCall(client.execute(request)), ({ text }) => text))
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(events.filter(({ payload }) => payload.includes("\n")), [])
      const { "llm:request:debug": asked, "llm:response:debug": answered, "llm:response:raw": raw } = yield* payloads
      assert.deepStrictEqual([asked, answered], [{ request: { a: [1, 2] } }, { response: { a: [1, 2] } }])
      assert.strictEqual(raw.body, pretty)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("does not record what is sent outside of a request, or outside of a provider's call", () =>
    Effect.gen(function*() {
      const client = RecordingHttpClient.wrap(FakeVendor.make(() => FakeVendor.json({ a: 1 })))
      const send = Effect.flatMap(client.execute(post), ({ text }) => text)
      assert.strictEqual(yield* inCall(send), `{"a":1}`)
      yield* onBehalf(() => FakeVendor.json({}), () => send)
      assert.deepStrictEqual(yield* types, [])
    }).pipe(Effect.provide(MemoryHub.layer)))
})
