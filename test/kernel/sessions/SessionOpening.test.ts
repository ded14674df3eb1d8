/** A session begins once, whoever names it and however many at the same time. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import { RequestSessions } from "../../../src/kernel/requests/RequestSessions.ts"
import { Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import { validId } from "../../../src/kernel/sessions/SessionId.ts"
import { Sessions } from "../../../src/kernel/sessions/Sessions.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as SessionsOverLog from "../../support/Sessions.ts"

const services = SessionsOverLog.layer.pipe(Layer.provideMerge(MemoryHub.layer))

const ids = [
  { id: "a", valid: true },
  { id: "Agent-7_run.2:x", valid: true },
  { id: "01a1fbed-d8cf-7225-a538-f92a689f0001", valid: true },
  { id: "x".repeat(128), valid: true },
  { id: "x".repeat(129), valid: false },
  { id: "", valid: false },
  { id: "-a", valid: false },
  { id: ".a", valid: false },
  { id: "a b", valid: false },
  { id: "a/b", valid: false },
  { id: "a\n", valid: false },
  { id: "é", valid: false }
]

const begun = (sessionId: string) => ["session:start", { session_id: sessionId, opened_by: "client" }]

describe("SessionOpening", () => {
  it.each(ids)("$id may be a session's id: $valid", ({ id, valid }) => {
    assert.strictEqual(validId.test(id), valid)
  })

  it.effect("a session for nobody in particular begins with the event that any other begins with", () =>
    Effect.gen(function*() {
      const { sessionId, started } = yield* (yield* RequestSessions).open
      const id = EventIds.nth(sessionId, 1)
      const made = yield* Draft.make(Started, { session_id: sessionId, opened_by: "server" }, { sessionId, id })
      assert.deepStrictEqual(started, { ...made, time: started.time })
    }).pipe(Effect.provide(services)))

  it.effect("joining starts a session once, in a stream of its own", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* sessions.join("s")
      yield* sessions.join("s")
      yield* sessions.join("t")
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told({ stream: streamOf("s") }), [begun("s")])
      const [event] = yield* MemoryHub.events({ sessionId: "t" })
      assert.strictEqual(event?.stream, "session-t")
    }).pipe(Effect.provide(services)))

  it.effect("joining starts a session once though many requests race", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* Effect.all(Array.from({ length: 20 }, () => sessions.join("s")), { concurrency: "unbounded" })
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told(), [begun("s")])
    }).pipe(Effect.provide(services)))

  it.effect("joins a session that began before the server started", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const before = yield* Effect.scoped(Layer.build(SessionsOverLog.layer))
      yield* Sessions.use((sessions) => sessions.join("s")).pipe(Effect.provide(before))
      const sessions = yield* Sessions
      yield* sessions.join("s")
      assert.strictEqual(yield* hub.head, 1)
    }).pipe(Effect.provide(services)))

  it.effect("opens a session with an id of its own, its beginning left to the request that opened it", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      const opened = yield* sessions.open
      assert.match(opened.sessionId, validId)
      assert.strictEqual(opened.started.sessionId, opened.sessionId)
      assert.deepStrictEqual<unknown>(JSON.parse(opened.started.payload), {
        session_id: opened.sessionId,
        opened_by: "server"
      })
      assert.deepStrictEqual(yield* MemoryHub.told(), [])
      assert.notStrictEqual((yield* sessions.open).sessionId, opened.sessionId)
    }).pipe(Effect.provide(services)))

  it.effect("does not begin an opened session a second time when a client names it", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      const { sessionId } = yield* sessions.open
      yield* sessions.join(sessionId)
      assert.deepStrictEqual(yield* MemoryHub.told(), [])
    }).pipe(Effect.provide(services)))
})
