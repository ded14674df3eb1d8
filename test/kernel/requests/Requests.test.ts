/** What a request is: one recording for all that runs in it, under a session, for somebody, with an end of its own. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { EventLogUnavailable } from "../../../src/events/log/EventLog.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { Level } from "../../../src/events/types/Event.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { envelope } from "../../../src/kernel/http/HttpErrors.ts"
import { CurrentRecording } from "../../../src/kernel/requests/Recording.ts"
import { RecordingOptions } from "../../../src/kernel/requests/RecordingOptions.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import * as InProcess from "../../support/InProcess.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Sessions from "../../support/Sessions.ts"

const options = (level: Level, maxLevel: Level = "raw") =>
  Layer.succeed(RecordingOptions, { level, maxLevel, debugBytes: 2048, maxStreamBytes: 1_000_000 })

const services = (level: Level = "default", maxLevel?: Level) =>
  Requests.layer.pipe(
    Layer.provideMerge(Sessions.layer),
    Layer.provideMerge(MemoryHub.layer),
    Layer.provide(options(level, maxLevel))
  )

const listing = InProcess.operation("listModels")
const input = (given: Parameters<typeof RequestInput.make>[1] = {}) => RequestInput.make(listing, given)
const answer = Effect.succeed(Bytes.json(200, `{"object":"list","data":[]}`))

const typesOf = (events: ReadonlyArray<RecordedEvent>) => events.map(({ type }) => type)
const errorOf = (event: RecordedEvent | undefined) => {
  const { error, status } = Object(payloadOf(event!))
  return [status, error?.code]
}

describe("Requests.run", () => {
  it.effect("opens a session where none is named, and names both in the answer's head", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const bytes = yield* requests.run(input(), answer)
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(typesOf(events), ["session:start", "api:request", "api:response"])
      const { requestId, sessionId } = events[1]!
      assert.deepStrictEqual<unknown>([bytes.headers["x-request-id"], bytes.headers["x-strata-session-id"]], [
        requestId,
        sessionId
      ])
      assert.strictEqual(bytes.headers["content-length"], String(Buffer.byteLength(bytes.body as string)))
    }).pipe(Effect.provide(services())))

  it.effect("within a request is a part of that one", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const inner = requests.run(input({ session: "another" }), answer)
      yield* requests.run(input({ session: "s" }), inner)
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(typesOf(events), ["session:start", "api:request", "api:response"])
      assert.deepStrictEqual(new Set(events.map(({ sessionId }) => sessionId)), new Set(["s"]))
    }).pipe(Effect.provide(services())))

  it.effect("interrupted says that the client left, and flushes what was recorded", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const begun = yield* Deferred.make<void>()
      const never = Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
      const fiber = yield* Effect.forkChild(requests.run(input({ session: "s" }), never))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      const events = yield* MemoryHub.events({ types: ["api:*"] })
      assert.deepStrictEqual(typesOf(events), ["api:request", "api:error"])
      assert.deepStrictEqual(errorOf(events[1]), [499, "client_closed_request"])
    }).pipe(Effect.provide(services())))

  it.effect("whose stream is left says so, too", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const stream = Stream.concat(Stream.succeed(Buffer.from("data: 1\n\n") as Uint8Array), Stream.never)
      const answered = yield* requests.run(
        input({ session: "s" }),
        Effect.succeed(Bytes.events(200, ByteSource.fromStream(stream)))
      )
      assert.isTrue(Bytes.isStreamed(answered))
      if (Bytes.isStreamed(answered)) yield* Stream.runDrain(Stream.take(answered.body.stream, 1))
      assert.deepStrictEqual(errorOf((yield* MemoryHub.events({ types: ["api:error"] }))[0]), [
        499,
        "client_closed_request"
      ])
    }).pipe(Effect.provide(services())))

  it.effect.each([
    {
      name: "as who asks says",
      failureOf: () => ({ status: 418, body: envelope("no", { code: "tea" }) }),
      code: "tea"
    },
    { name: "as the server says, here nothing", failureOf: undefined, code: "internal_error" }
  ])("that fails is recorded $name, and stays a failure", ({ code, failureOf }) =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const exit = yield* Effect.exit(requests.run(input({ session: "s" }), Effect.fail("too hot"), failureOf))
      assert.deepStrictEqual(exit, Exit.fail("too hot"))
      const [error] = yield* MemoryHub.events({ types: ["api:error"] })
      assert.deepStrictEqual(errorOf(error), [code === "tea" ? 418 : 500, code])
    }).pipe(Effect.provide(services())))

  it.effect("that dies has an end in the log, and dies", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const exit = yield* Effect.exit(requests.run(input({ session: "s" }), Effect.die(new Error("a bug"))))
      assert.isTrue(Exit.hasDies(exit))
      assert.deepStrictEqual(errorOf((yield* MemoryHub.events({ types: ["api:error"] }))[0]), [500, "internal_error"])
    }).pipe(Effect.provide(services())))

  it.effect("whose commit fails is a failure: nothing is answered that is not in the log", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const exit = yield* Effect.exit(requests.run(input(), answer))
      assert.deepStrictEqual(exit, Exit.fail(unavailable))
    }).pipe(Effect.provide(unwritable)))

  it.effect.each(
    [
      { asked: undefined, highest: "raw", types: ["api:request", "api:response"] },
      {
        asked: "debug",
        highest: "raw",
        types: ["api:request", "api:request:debug", "api:response", "api:response:debug"]
      },
      { asked: "raw", highest: "default", types: ["api:request", "api:response"] }
    ] as const
  )(
    "is recorded at the level it asks for: $asked of at most $highest",
    ({ asked, highest, types }) =>
      Effect.gen(function*() {
        const requests = yield* Requests
        yield* requests.run(input(asked === undefined ? {} : { level: asked }), answer)
        assert.deepStrictEqual(typesOf(yield* MemoryHub.events({ types: ["api:*"] })), [...types])
      }).pipe(Effect.provide(services("default", highest)))
  )

  it.effect("is somebody's: the principal stands in every event", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      yield* requests.run(input(), answer).pipe(
        Effect.provideService(CurrentPrincipal, { id: "ada", attributes: { teams: ["a"] } })
      )
      const [started, asked, answered] = yield* MemoryHub.events()
      assert.deepStrictEqual([started, asked, answered].map((event) => event?.principal), ["ada", "ada", "ada"])
      assert.deepStrictEqual(Object(payloadOf(asked!)).principal_attributes, { teams: ["a"] })
    }).pipe(Effect.provide(services())))

  it.effect("gives what runs in it the recording, and who asks for it after it none", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const within = Effect.flatMap(CurrentRecording, (recording) =>
        Effect.succeed(Bytes.json(200, JSON.stringify(recording?.options.sessionId))))
      assert.strictEqual((yield* requests.run(input({ session: "s" }), within)).body, "\"s\"")
      assert.isUndefined(yield* CurrentRecording)
    }).pipe(Effect.provide(services())))
})

const unavailable = new EventLogUnavailable({ operation: "be written", reason: "disk full" })

const unwritable = Requests.layer.pipe(
  Layer.provide(
    Layer.effect(
      EventHub,
      Effect.map(EventHub, (hub) => EventHub.of({ ...hub, append: () => Effect.fail(unavailable) }))
    )
  ),
  Layer.provide(Sessions.layer),
  Layer.provide(MemoryHub.layer),
  Layer.provide(options("default"))
)
