/** The hub: what a writer may rely on. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Exit, Fiber, Latch, Layer, Scope, Stream } from "effect"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Options } from "../../../src/events/log/EventHub.ts"
import { EventLog, EventLogUnavailable, VersionConflict } from "../../../src/events/log/EventLog.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { draft, drafts } from "../../support/EventDrafts.ts"
import * as SlowEventLog from "../../support/SlowEventLog.ts"
import { turns } from "../../support/SlowEventLog.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const all = { after: 0, limit: 10_000 }

/** A hub over a slow log; both are given, so that the log can be looked at beside the hub. */
const hubOver = (log: SlowEventLog.Options = {}, options: Partial<Options> = {}) =>
  EventHub.layer(options).pipe(Layer.provideMerge(SlowEventLog.layer(log)))

/** Over a log that commits nothing before the gate opens; it opens at the end, so that a failed test ends too. */
const gated = <A, E>(
  options: Partial<Options>,
  test: (gate: Latch.Latch) => Effect.Effect<A, E, EventHub | EventLog | Scope.Scope>
) =>
  Effect.suspend(() => {
    const gate = Latch.makeUnsafe(false)
    return test(gate).pipe(Effect.ensuring(gate.open), Effect.provide(hubOver({ gate }, options)))
  })

/** Long enough for whatever can go on to have gone on. */
const settle = turns(200)

const isDone = <A, E>(fiber: Fiber.Fiber<A, E>) => fiber.pollUnsafe() !== undefined

describe("EventHub", () => {
  it.effect("takes no append of two tenants: it dies, and what comes with it is committed", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const mixed = [draft(), draft({ tenant: "acme" })]
      const own = yield* Effect.forkChild(hub.append("a", "any", drafts(1, { tenant: "acme" })))
      for (const refused of [hub.append("a", "any", mixed), hub.publish("a", mixed)]) {
        const exit = yield* Effect.exit(Effect.asVoid(refused))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      }
      yield* Fiber.join(own)
      yield* hub.append("a", "none", drafts(1))
      assert.deepStrictEqual((yield* hub.read(all)).map(({ tenant, version }) => [tenant, version]), [
        ["acme", 1],
        ["", 1]
      ])
    }).pipe(Effect.provide(hubOver())))

  it.effect("append waits for the commit, and says where the events stand", () =>
    gated(
      {},
      Effect.fnUntraced(function*(gate) {
        const hub = yield* EventHub
        const fiber = yield* Effect.forkChild(hub.append("a", "none", drafts(2)))
        yield* settle
        assert.strictEqual(isDone(fiber), false)
        assert.deepStrictEqual(yield* hub.read(all), [])
        yield* gate.open
        assert.deepStrictEqual(yield* Fiber.join(fiber), { version: 2, position: 2 })
        assert.strictEqual((yield* hub.read(all)).length, 2)
        assert.strictEqual(yield* hub.head, 2)
      })
    ))

  it.effect("publish does not wait, and keeps the order of what was handed over", () =>
    gated(
      { maxGroup: 7 },
      Effect.fnUntraced(function*(gate) {
        const hub = yield* EventHub
        for (let number = 1; number <= 50; number++) {
          yield* hub.publish(`stream-${number % 3}`, [draft({ id: `event-${number}` })])
        }
        yield* gate.open
        const { position } = yield* hub.append("last", "any", [draft({ id: "last" })])
        const expected = [...Array.from({ length: 50 }, (_, index) => `event-${index + 1}`), "last"]
        assert.deepStrictEqual((yield* hub.read(all)).map(({ id }) => id), expected)
        assert.strictEqual(position, 51)
      })
    ))

  it.effect("gives a conflict to the one who caused it, within a group", () =>
    gated(
      {},
      Effect.fnUntraced(function*(gate) {
        const hub = yield* EventHub
        const fibers = yield* Effect.forEach(
          ["none", "none", 1, 5, "any"] as const,
          (expected) => Effect.forkChild(Effect.exit(hub.append("a", expected, [draft()])), { startImmediately: true })
        )
        yield* gate.open
        const conflict = (expected: "none" | number, actual: number) =>
          Exit.fail(new VersionConflict({ stream: "a", expected, actual }))
        assert.deepStrictEqual(yield* Effect.forEach(fibers, Fiber.join), [
          Exit.succeed({ version: 1, position: 1 }),
          conflict("none", 1),
          Exit.succeed({ version: 2, position: 2 }),
          conflict(5, 2),
          Exit.succeed({ version: 3, position: 3 })
        ])
      })
    ))

  it.effect("lets publishers wait when the bound is reached, and drops nothing", () =>
    gated(
      { maxQueuedCharacters: 150 },
      Effect.fnUntraced(function*(gate) {
        const payload = JSON.stringify("x".repeat(98))
        const hub = yield* EventHub
        const publishers = yield* Effect.forEach(Array.from({ length: 6 }, (_, index) => index), (index) =>
          hub.publish(`p${index}`, [draft({ id: `p${index}`, payload })]).pipe(
            Effect.andThen(hub.publish(`p${index}`, [draft({ id: `p${index}-again`, payload })])),
            Effect.forkChild({ startImmediately: true })
          ))
        yield* settle
        assert.deepStrictEqual(publishers.map(isDone), [true, false, false, false, false, false])
        yield* gate.open
        yield* Fiber.joinAll(publishers)
        yield* hub.append("end", "any", [])
        const ids = (yield* hub.read(all)).map(({ id }) =>
          id
        )
        assert.strictEqual(ids.length, 12)
        assert.deepStrictEqual(ids.toSorted(), publishers.flatMap((_, index) => [`p${index}`, `p${index}-again`]))
        for (const [index] of publishers.entries()) {
          assert.isBelow(ids.indexOf(`p${index}`), ids.indexOf(`p${index}-again`))
        }
      })
    ))

  it.effect("is not stopped by a follower that reads nothing", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const stuck = yield* Deferred.make<void>()
      const first = yield* Deferred.make<void>()
      yield* hub.follow({ after: 0 }).pipe(
        Stream.runForEach(() => Effect.andThen(Deferred.succeed(first, undefined), Deferred.await(stuck))),
        Effect.forkChild
      )
      yield* hub.append("a", "any", [draft()])
      yield* Deferred.await(first)
      for (let number = 0; number < 1000; number++) yield* hub.append("a", "any", [draft()])
      assert.strictEqual(yield* hub.head, 1001)
    }).pipe(Effect.provide(hubOver({}, { pageSize: 2 }))))

  it.effect("writes what was handed over before its scope closes, and refuses what comes after", () =>
    gated(
      {},
      Effect.fnUntraced(function*(gate) {
        const scope = yield* Scope.make()
        const log = yield* EventLog
        const hub = Context.get(yield* Layer.buildWithScope(EventHub.layer({ maxGroup: 3 }), scope), EventHub)
        for (let number = 0; number < 20; number++) yield* hub.publish("a", [draft()])
        const waiting = yield* Effect.forkChild(hub.append("a", "any", [draft()]), { startImmediately: true })
        const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
        yield* settle
        assert.strictEqual(isDone(closing), false)
        yield* gate.open
        yield* Fiber.join(closing)
        assert.strictEqual(yield* log.head, 21)
        assert.deepStrictEqual(yield* Fiber.join(waiting), { version: 21, position: 21 })
        const late = yield* Effect.flip(hub.append("a", "any", [draft()]))
        assert.strictEqual(late.message, "The event log could not be written: the server is stopping")
        assert.strictEqual(yield* log.head, 21)
      })
    ))

  it.effect("tells those who wait when the log fails, and goes on when it can", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const log = SqliteStore.layer({ folder, access: "write" })
      const hub = Context.get(yield* Layer.build(EventHub.layer().pipe(Layer.provide(log))), EventHub)
      const other = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(join(folder, "strata.db"))),
        (database) => Effect.sync(() => database.close())
      )
      other.exec("ALTER TABLE events RENAME TO gone")
      const attempts = Effect.forEach(["a", "b", "c"], (stream) => Effect.exit(hub.append(stream, "any", [draft()])), {
        concurrency: "unbounded"
      })
      const unavailable = Exit.fail(
        new EventLogUnavailable({ operation: "be written", reason: "no such table: events" })
      )
      assert.deepStrictEqual(yield* attempts, [unavailable, unavailable, unavailable])
      other.exec("ALTER TABLE gone RENAME TO events")
      assert.deepStrictEqual((yield* attempts).map(Exit.isSuccess), [true, true, true])
      assert.deepStrictEqual((yield* hub.read(all)).map(({ position }) => position), [1, 2, 3])
    }))
})
