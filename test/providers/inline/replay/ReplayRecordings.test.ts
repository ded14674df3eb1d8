/** The recordings of a log as they come: what was committed is found, what is missing is explained. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { EventHub } from "../../../../src/events/log/EventHub.ts"
import * as LlmEvents from "../../../../src/kernel/calls/LlmEvents.ts"
import * as ProviderEvents from "../../../../src/kernel/provider/ProviderEvents.ts"
import { ReplaySources } from "../../../../src/kernel/replay/ReplaySources.ts"
import * as RecordedWire from "../../../../src/providers/inline/replay/RecordedWire.ts"
import { Config } from "../../../../src/providers/inline/replay/ReplayConfig.ts"
import * as ReplayRecordings from "../../../../src/providers/inline/replay/ReplayRecordings.ts"
import * as MemoryHub from "../../../support/MemoryHub.ts"
import { recorded } from "../../../support/RecordedEvents.ts"
import { callOf } from "../../../support/WireCalls.ts"

const World = ReplaySources.layer.pipe(Layer.provideMerge(MemoryHub.layer), Layer.provide(NodeServices.layer))

const bodyOf = (content: string, model = "m") => JSON.stringify({ model, messages: [{ role: "user", content }] })
const configOf = Schema.decodeUnknownSync(Config)
const traffic = { headers: {}, encoding: "utf-8", sha256: "" }

/** A call of an instance, with its answer. */
const call = (sessionId: string, content: string, answer: string, provider = "p") => {
  const place = { sessionId, requestId: `request-${answer}`, attempt: 1, provider }
  const url = "http://vendor/v1/chat/completions"
  return [
    recorded(LlmEvents.Request.raw, { ...place, payload: { ...traffic, method: "POST", url, body: bodyOf(content) } }),
    recorded(LlmEvents.Response.raw, { ...place, payload: { ...traffic, status: 200, body: answer } })
  ]
}

const given = (config: Schema.JsonObject, ...before: ReadonlyArray<ReturnType<typeof call>>) =>
  Effect.gen(function*() {
    const hub = yield* EventHub
    const append = (...calls: ReadonlyArray<ReturnType<typeof call>>) =>
      Effect.forEach(calls, (events) => hub.append(events[0]!.stream, "any", events))
    yield* append(...before)
    const recordings = yield* ReplayRecordings.make(configOf(config), "p")
    const find = (content: string, session = "asking") =>
      Effect.map(
        recordings.find(RecordedWire.keyOfCall(callOf({ model: "m" }), bodyOf(content)), session, { errors: true }),
        (found) => found?.answer.body
      )
    return { append, find, recordings }
  })

const upstream = { provider_type: "remote::openai" }

describe("Recordings", () => {
  it.effect("finds what was there, and what has come since, of this instance alone", () =>
    Effect.gen(function*() {
      for (const mode of ["replay", "record-if-missing"]) {
        yield* Effect.gen(function*() {
          const { append, find } = yield* given({ mode, upstream }, call("a", "one", "1"), call("a", "two", "x", "q"))
          assert.strictEqual(yield* find("one"), "1")
          assert.isUndefined(yield* find("two"))
          yield* append(call("a", "two", "2"))
          assert.strictEqual(yield* find("two"), "2")
        }).pipe(Effect.provide(World))
      }
    }))

  it.effect("follows a session, whoever recorded it", () =>
    Effect.gen(function*() {
      const { append, find } = yield* given({ session: "a" }, call("a", "one", "1", "q"), call("b", "two", "2"))
      assert.isUndefined(yield* find("two"))
      yield* append(call("a", "one", "3", "p"))
      assert.strictEqual(yield* find("one"), "1")
      assert.strictEqual(yield* find("one"), "3")
    }).pipe(Effect.provide(World)))

  it.effect("takes what was recorded since the instance began anew", () =>
    Effect.gen(function*() {
      const start = [
        recorded(ProviderEvents.RecordingStarted, { id: "start", provider: "p", stream: ProviderEvents.stream })
      ]
      const { find } = yield* given({}, call("a", "one", "1"), call("a", "one", "2"), start, call("a", "one", "3"))
      assert.deepStrictEqual([yield* find("one"), yield* find("one")], ["3", "3"])
    }).pipe(Effect.provide(World)))

  it.effect("lists the models that were asked, as recordings come", () =>
    Effect.gen(function*() {
      const { append, recordings } = yield* given({})
      assert.deepStrictEqual(yield* recordings.models, [])
      yield* append(call("a", "one", "1"))
      assert.deepStrictEqual(yield* recordings.models, ["m"])
    }).pipe(Effect.provide(World)))

  it.effect("explains a miss by the nearest recording, and says when some were forgotten", () =>
    Effect.gen(function*() {
      const { recordings } = yield* given(
        { max_recordings: 2 },
        call("a", "1", "1"),
        call("a", "2", "2"),
        call("b", "3", "3")
      )
      const told = yield* recordings.explainMiss(bodyOf("4"))
      assert.strictEqual(
        told,
        `the nearest recording (session b, request request-3) differs in one place: messages.0.content: recorded "3", ` +
          `asked "4". Older recordings that were forgotten: 1; to keep more, raise max_recordings.`
      )
    }).pipe(Effect.provide(World)))

  it.effect("looks for the nearest among the newest of many, and reads few of them", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const calls = Array.from({ length: 2000 }, (_, index) => call("a", `text ${index}`, String(index)))
      yield* hub.append("s", "any", calls.flat())
      let read = 0
      const counted = EventHub.of({
        ...hub,
        read: (options) => Effect.tap(hub.read(options), (events) => Effect.sync(() => void (read += events.length)))
      })
      const recordings = yield* ReplayRecordings.make(configOf({}), "p").pipe(
        Effect.provide(ReplaySources.layer.pipe(Layer.provide(NodeServices.layer))),
        Effect.provideService(EventHub, counted)
      )
      read = 0
      assert.include(yield* recordings.explainMiss(bodyOf("text 1900 ")), "differs in one place")
      assert.isAtMost(read, 5)
    }).pipe(Effect.provide(World)))
})
