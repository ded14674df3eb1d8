/** Sessions are read from the log: a page at a time, in the order they began. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { toEventList } from "../../../src/apis/sessions/SessionsModels.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Filter } from "../../../src/events/log/EventLog.ts"
import { parseTypes } from "../../../src/events/log/EventLog.ts"
import type { Definition } from "../../../src/events/types/Event.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import { toPage } from "../../../src/kernel/http/Pagination.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import { Sessions } from "../../../src/kernel/sessions/Sessions.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as SessionsOverLog from "../../support/Sessions.ts"

const services = SessionsOverLog.layer.pipe(Layer.provideMerge(MemoryHub.layer))

const begin = (...ids: ReadonlyArray<string>) =>
  Sessions.use((sessions) => Effect.forEach(ids, (id) => sessions.join(id), { discard: true }))

const add = (sessionId: string, ...definitions: ReadonlyArray<Definition>) =>
  EventHub.use((hub) =>
    hub.append(
      streamOf(sessionId),
      "any",
      definitions.map(({ level, type }) => draft({ sessionId, type, level, payload: "{\"a\":1}" }))
    )
  )

interface Query extends Pick<Filter, "level" | "types"> {
  readonly after?: number
  readonly limit?: number
}

/** A page as the API shows it. */
const page = (id: string, { after = 0, limit = 100, ...query }: Query = {}) =>
  Effect.map(
    Sessions.use((sessions) => sessions.events(id, { ...query, after, limit: limit + 1 })),
    (events) => toEventList(events, limit)
  )

describe("Sessions", () => {
  it.effect("lists sessions in the order they began, a page at a time", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* begin("c", "a", "b")
      yield* add("a", ApiEvents.Request.base)
      const first = toPage(yield* sessions.list({ limit: 3 }), 2)
      assert.deepStrictEqual(
        first.data.map((each) => [each.id, each.status === "unreadable" ? null : each.request_count]),
        [["c", 0], ["a", 1]]
      )
      assert.strictEqual(first.has_more, true)
      const second = toPage(yield* sessions.list({ limit: 3, after: "a" }), 2)
      assert.deepStrictEqual(second.data.map(({ id }) => id), ["b"])
      assert.strictEqual(second.has_more, false)
    }).pipe(Effect.provide(services)))

  it.effect("lists nothing behind the last session, and nothing where there is none", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      assert.deepStrictEqual(yield* sessions.list({ limit: 2 }), [])
      yield* begin("a")
      assert.deepStrictEqual(yield* sessions.list({ limit: 2, after: "a" }), [])
    }).pipe(Effect.provide(services)))

  it.effect("tells one session", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* begin("a", "b")
      yield* add("b", ApiEvents.Request.base, ApiEvents.Error.base)
      const { error_count, id, request_count } = yield* sessions.get("b")
      assert.deepStrictEqual([id, request_count, error_count], ["b", 1, 1])
    }).pipe(Effect.provide(services)))

  it.effect("tells a session's events page by page, filtered, and none of the others", () =>
    Effect.gen(function*() {
      yield* begin("a", "b")
      yield* add("a", ApiEvents.Request.base, ApiEvents.Request.raw)
      yield* add("b", ApiEvents.Request.base)
      yield* add("a", ApiEvents.Response.base)
      const types = (query: Query) => Effect.map(page("a", query), ({ data }) => data.map(({ type }) => type))

      const first = yield* page("a", { limit: 2 })
      assert.deepStrictEqual(first.data.map(({ type }) => type), ["session:start", "api:request"])
      assert.deepStrictEqual(first.data[1]?.payload, { a: 1 })
      assert.deepStrictEqual([first.last_position, first.has_more], [3, true])
      const second = yield* page("a", { limit: 2, after: 3 })
      assert.deepStrictEqual(second.data.map(({ type }) => type), ["api:request:raw", "api:response"])
      assert.deepStrictEqual([second.last_position, second.has_more], [6, false])
      const third = yield* page("a", { after: 6 })
      assert.deepStrictEqual(third, { object: "list", data: [], last_position: null, has_more: false })

      assert.deepStrictEqual(yield* types({ level: "default" }), ["session:start", "api:request", "api:response"])
      assert.deepStrictEqual(yield* types({ types: parseTypes("api:request*") }), ["api:request", "api:request:raw"])
      assert.deepStrictEqual(yield* types({ types: parseTypes("session:start,api:response") }), [
        "session:start",
        "api:response"
      ])
    }).pipe(Effect.provide(services)))

  it.effect("does not know a session that never began: by itself, as a cursor, by its events", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* begin("a")
      for (
        const ask of [
          Effect.asVoid(sessions.get("b")),
          Effect.asVoid(sessions.list({ limit: 2, after: "b" })),
          Effect.asVoid(page("b"))
        ]
      ) {
        const error = yield* Effect.flip(ask)
        assert.strictEqual(error._tag, "SessionNotFound")
        assert.include(error.message, "b")
      }
    }).pipe(Effect.provide(services)))
})
