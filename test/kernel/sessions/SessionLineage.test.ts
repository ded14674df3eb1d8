/** A lineage ends where its log does: no parent, a parent that is not there, a circle only a hand could make. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import { Forked, Imported, Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import * as SessionLineage from "../../../src/kernel/sessions/SessionLineage.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

/** A fork of `parent` at a position. */
const begin = (sessionId: string, parent: string | null, position: number, here?: number) =>
  EventHub.use((hub) =>
    hub.append(streamOf(sessionId), "none", [
      draft({ sessionId, parentSessionId: parent, type: Started.type }),
      ...parent === null
        ? []
        : [draft({ sessionId, parentSessionId: parent, type: Forked.type, payload: JSON.stringify({ position }) })],
      ...here === undefined ? [] : [draft({
        sessionId,
        parentSessionId: parent,
        type: Imported.type,
        payload: JSON.stringify({ forked_at_position: here })
      })]
    ])
  )

const load = (sessionId: string) => EventHub.use((hub) => SessionLineage.load(hub, sessionId))

describe("SessionLineage", () => {
  it.effect("is the session alone where it has no parent", () =>
    Effect.gen(function*() {
      yield* begin("a", null, 0)
      assert.deepStrictEqual(yield* load("a"), [{ tenant: "", sessionId: "a", began: 1, upTo: Infinity }])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("inherits no more of an ancestor than the nearest fork left of it", () =>
    Effect.gen(function*() {
      yield* begin("a", null, 0)
      yield* begin("b", "a", 1)
      yield* begin("c", "b", 1)
      assert.deepStrictEqual((yield* load("c")).map(({ sessionId, upTo }) => [sessionId, upTo]), [
        ["a", 1],
        ["b", 1],
        ["c", Infinity]
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("takes the position an imported fork has in this log", () =>
    Effect.gen(function*() {
      yield* begin("a", null, 0)
      yield* begin("b", "a", 5000, 1)
      assert.deepStrictEqual((yield* load("b"))[0], { tenant: "", sessionId: "a", began: 1, upTo: 1 })
      const { children } = yield* ProjectionTables.use((tables) => SessionLineage.children(tables, "a"))
      assert.deepStrictEqual(children, [
        { session_id: "b", parent_session_id: "a", forked_at_position: 1, depth: 1 }
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("ends at a parent that is not in the log", () =>
    Effect.gen(function*() {
      yield* begin("b", "gone", 7)
      assert.deepStrictEqual((yield* load("b")).map(({ sessionId }) => sessionId), ["b"])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("ends where it would begin again", () =>
    Effect.gen(function*() {
      yield* begin("a", "b", 3)
      yield* begin("b", "a", 1)
      assert.deepStrictEqual((yield* load("a")).map(({ sessionId }) => sessionId), ["b", "a"])
      const { children } = yield* ProjectionTables.use((tables) => SessionLineage.children(tables, "a"))
      assert.deepStrictEqual(children.map(({ session_id }) => session_id), ["b"])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("does not know a session that never began", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(load("nobody")))._tag, "SessionNotFound")
    }).pipe(Effect.provide(MemoryHub.layer)))
})
