/** What every adapter of the event log must do: one suite, run by each. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { Layer } from "effect"
import type { Append, ExpectedVersion, Read } from "../../src/events/log/EventLog.ts"
import { EventIdTaken, EventLog, VersionConflict } from "../../src/events/log/EventLog.ts"
import type { EventDraft } from "../../src/events/types/Envelope.ts"
import { draft, drafts, tenants } from "./EventDrafts.ts"
import * as EventLogModel from "./EventLogModel.ts"

const append = (stream: string, expectedVersion: ExpectedVersion, count: number): Append => ({
  stream,
  expectedVersion,
  events: drafts(count)
})

const all: Read = { after: 0, limit: 1000 }

const succeeded = (results: ReadonlyArray<Result.Result<unknown, unknown>>) => results.map(Result.isSuccess)

/** `fresh` is an empty log each time it is built. */
export const eventLogContract = <E>(name: string, fresh: Layer.Layer<EventLog, E>) => {
  describe(`${name} keeps the contract of the event log`, () => {
    it.effect("begins empty", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        assert.strictEqual(yield* log.head, 0)
        assert.deepStrictEqual(yield* log.read(all), [])
        assert.deepStrictEqual(yield* log.commit([]), [])
      }).pipe(Effect.provide(fresh)))

    it.effect("counts positions over the whole log and versions in each stream", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const first = yield* log.commit([append("a", "any", 2), append("b", "any", 1)])
        const second = yield* log.commit([append("a", "any", 1)])
        assert.deepStrictEqual(first.map(Result.getOrThrow), [
          { version: 2, position: 2 },
          { version: 1, position: 3 }
        ])
        assert.deepStrictEqual(second.map(Result.getOrThrow), [{ version: 3, position: 4 }])
        const events = yield* log.read(all)
        assert.deepStrictEqual(events.map(({ position, stream, version }) => [position, stream, version]), [
          [1, "a", 1],
          [2, "a", 2],
          [3, "b", 1],
          [4, "a", 3]
        ])
        assert.strictEqual(yield* log.head, 4)
      }).pipe(Effect.provide(fresh)))

    it.effect("gives back what was appended, field by field", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const full = draft({
          level: "raw",
          schemaVersion: 7,
          time: 1_763_683_200_123,
          tenant: "söße ' \" % _",
          sessionId: "söße ' \" % _",
          parentSessionId: "parent",
          requestId: "request",
          attempt: 3,
          causationId: "cause",
          provider: "provider",
          principal: "alice ' \" %",
          payload: `{ "number": 1.50, "big": 12345678901234567890, "text": ${
            JSON.stringify("漢字 😀 \u0000 \n \ud800")
          } }`
        })
        const long = draft({
          level: "raw",
          tenant: full.tenant,
          payload: JSON.stringify({ body: "漢字 text ".repeat(2000) })
        })
        yield* log.commit([{ stream: "s", expectedVersion: "any", events: [full, long] }])
        assert.deepStrictEqual(yield* log.read(all), [
          { ...full, stream: "s", version: 1, position: 1 },
          { ...long, stream: "s", version: 2, position: 2 }
        ])
      }).pipe(Effect.provide(fresh)))

    it.effect("lets a conflict leave the rest of its group alone", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const results = yield* log.commit([
          append("a", "none", 1),
          append("a", "none", 1),
          append("a", 1, 1),
          append("b", 1, 2),
          append("b", 0, 2),
          append("a", "any", 0)
        ])
        assert.deepStrictEqual(succeeded(results), [true, false, true, false, true, true])
        assert.deepStrictEqual(
          results[1],
          Result.fail(new VersionConflict({ stream: "a", expected: "none", actual: 1 }))
        )
        assert.deepStrictEqual(results[3], Result.fail(new VersionConflict({ stream: "b", expected: 1, actual: 0 })))
        assert.deepStrictEqual((yield* log.read(all)).map(({ stream, version }) => `${stream}${version}`), [
          "a1",
          "a2",
          "b1",
          "b2"
        ])
      }).pipe(Effect.provide(fresh)))

    it.effect("answers an append that is repeated as the first time, whatever it expects, and stores nothing", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const [first, second] = [append("a", "none", 2), append("a", 2, 1)]
        const before = yield* log.commit([first, append("b", "any", 3), second])
        const again = yield* log.commit([second, append("c", "any", 1), first, { ...first, expectedVersion: "any" }])
        assert.deepStrictEqual([again[2], again[3], again[0]], [before[0], before[0], before[2]])
        assert.deepStrictEqual(succeeded(again), [true, true, true, true])
        assert.deepStrictEqual((yield* log.read(all)).map(({ stream, version }) => `${stream}${version}`), [
          "a1",
          "a2",
          "b1",
          "b2",
          "b3",
          "a3",
          "c1"
        ])
        const [twice, thrice] = yield* log.commit([second, second])
        assert.deepStrictEqual([twice, thrice], [before[2], before[2]])
        assert.strictEqual(yield* log.head, 7)
      }).pipe(Effect.provide(fresh)))

    it.effect("refuses an id that stands elsewhere, and leaves the rest of the group alone", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const known = append("a", "any", 3)
        yield* log.commit([known])
        const [one, two, three] = known.events as [EventDraft, EventDraft, EventDraft]
        const refused = (stream: string, ...events: ReadonlyArray<EventDraft>): Append => ({
          stream,
          expectedVersion: "any",
          events
        })
        const fine = draft()
        const results = yield* log.commit([
          refused("b", one),
          refused("a", three, draft()),
          refused("a", draft(), two),
          refused("a", two, one),
          refused("a", one, three),
          refused("c", fine),
          refused("c", fine, draft()),
          refused("d", { ...fine, id: "same" }, { ...fine, id: "same" })
        ])
        assert.deepStrictEqual(
          results.map((result) =>
            Result.isFailure(result) && result.failure instanceof EventIdTaken ? result.failure.position : "stored"
          ),
          [1, 3, 2, 2, 1, "stored", 4, 5]
        )
        assert.deepStrictEqual(
          results[0],
          Result.fail(new EventIdTaken({ id: one.id, stream: "a", position: 1 }))
        )
        assert.strictEqual(yield* log.head, 4)
        assert.deepStrictEqual(succeeded(yield* log.commit([append("a", 3, 1), append("b", "none", 1)])), [true, true])
      }).pipe(Effect.provide(fresh)))

    it.effect("selects by session, request, stream, type, prefix and level", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        yield* log.commit([
          { stream: "a", expectedVersion: "any", events: [draft({ type: "llm:request", sessionId: "s1" })] },
          {
            stream: "b",
            expectedVersion: "any",
            events: [draft({ type: "llm:request:debug", level: "debug", provider: "p" })]
          },
          { stream: "a", expectedVersion: "any", events: [draft({ type: "llm:request:raw", level: "raw" })] },
          { stream: "b", expectedVersion: "any", events: [draft({ type: "llmx%_", sessionId: "s1", requestId: "r" })] }
        ])
        const positions = (filter: Partial<Read>) =>
          Effect.map(log.read({ ...all, ...filter }), (events) => events.map(({ position }) => position))
        assert.deepStrictEqual(yield* positions({ sessionId: "s1" }), [1, 4])
        assert.deepStrictEqual(yield* positions({ sessionId: "s" }), [])
        assert.deepStrictEqual(yield* positions({ requestId: "r" }), [4])
        assert.deepStrictEqual(yield* positions({ stream: "b" }), [2, 4])
        const streams = (...streams: ReadonlyArray<string>) => positions({ tenant: "", streams })
        assert.deepStrictEqual(yield* streams("b", "never", "a"), [1, 2, 3, 4])
        assert.deepStrictEqual(yield* streams("b", "b"), [2, 4])
        assert.deepStrictEqual(yield* streams(), [])
        assert.deepStrictEqual(yield* positions({ tenant: "", streams: ["a", "b"], after: 1, limit: 2 }), [2, 3])
        assert.deepStrictEqual(yield* positions({ tenant: "acme", streams: ["a", "b"] }), [])
        assert.deepStrictEqual(yield* positions({ tenant: "", streams: ["a", "b"], types: ["llm:*"] }), [1, 2, 3])
        assert.deepStrictEqual(yield* positions({ provider: "p" }), [2])
        assert.deepStrictEqual(yield* positions({ types: ["llm:request"] }), [1])
        assert.deepStrictEqual(yield* positions({ types: ["llm:request:raw", "llmx%_"] }), [3, 4])
        assert.deepStrictEqual(yield* positions({ types: ["llm:*"] }), [1, 2, 3])
        assert.deepStrictEqual(yield* positions({ types: ["*"] }), [1, 2, 3, 4])
        assert.deepStrictEqual(yield* positions({ types: ["llm_*", "LLM:*", "%*"] }), [])
        assert.deepStrictEqual(yield* positions({ types: [] }), [])
        assert.deepStrictEqual(yield* positions({ level: "default" }), [1, 4])
        assert.deepStrictEqual(yield* positions({ level: "debug" }), [1, 2, 4])
        assert.deepStrictEqual(yield* positions({ level: "raw" }), [1, 2, 3, 4])
        assert.deepStrictEqual(yield* positions({ sessionId: "s1", types: ["llm:*"], level: "default", stream: "a" }), [
          1
        ])
      }).pipe(Effect.provide(fresh)))

    it.effect("keeps tenants apart: each has the versions of its streams, and all share the positions", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const of = (tenant: string, expectedVersion: ExpectedVersion, count: number): Append => ({
          stream: "a",
          expectedVersion,
          events: drafts(count, { tenant, sessionId: "s" })
        })
        const results = yield* log.commit([
          of("acme", "none", 2),
          of("", "none", 1),
          of("acm", "none", 1),
          of("acme", 2, 1),
          of("", 2, 1),
          of("", 1, 1)
        ])
        assert.deepStrictEqual(results, [
          Result.succeed({ version: 2, position: 2 }),
          Result.succeed({ version: 1, position: 3 }),
          Result.succeed({ version: 1, position: 4 }),
          Result.succeed({ version: 3, position: 5 }),
          Result.fail(new VersionConflict({ stream: "a", expected: 2, actual: 1 })),
          Result.succeed({ version: 2, position: 6 })
        ])
        const places = (filter: Partial<Read>) =>
          Effect.map(
            log.read({ ...all, ...filter }),
            (events) => events.map(({ position, tenant, version }) => `${position} ${tenant}${version}`)
          )
        // The gaps in a tenant's positions are what the others have.
        assert.deepStrictEqual(yield* places({ tenant: "acme" }), ["1 acme1", "2 acme2", "5 acme3"])
        assert.deepStrictEqual(yield* places({ tenant: "" }), ["3 1", "6 2"])
        assert.deepStrictEqual(yield* places({ tenant: "ac%" }), [])
        assert.deepStrictEqual(yield* places({ tenant: "acme", after: 1, limit: 1 }), ["2 acme2"])
        for (const filter of [{ stream: "a" }, { sessionId: "s" }, { types: ["test:*"] }]) {
          assert.deepStrictEqual(yield* places({ ...filter, tenant: "" }), ["3 1", "6 2"])
          assert.deepStrictEqual(yield* places({ ...filter, tenant: "acm" }), ["4 acm1"])
          assert.deepStrictEqual(yield* places(filter), ["1 acme1", "2 acme2", "3 1", "4 acm1", "5 acme3", "6 2"])
        }
      }).pipe(Effect.provide(fresh)))

    it.effect("holds ids unique in the whole log: another tenant's stream of the same name is elsewhere", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const append = (tenant: string): Append => ({
          stream: "a",
          expectedVersion: "any",
          events: [draft({ id: "shared", requestId: "r", tenant })]
        })
        const [first] = yield* log.commit([append("acme")])
        assert.deepStrictEqual(yield* log.commit(tenants.map(append)), [
          Result.fail(new EventIdTaken({ id: "shared", stream: "a", position: 1 })),
          first!,
          Result.fail(new EventIdTaken({ id: "shared", stream: "a", position: 1 }))
        ])
        for (const filter of [{ id: "shared" }, { requestId: "r" }]) {
          assert.strictEqual((yield* log.read({ ...all, ...filter })).length, 1)
          assert.strictEqual((yield* log.read({ ...all, ...filter, tenant: "acme" })).length, 1)
          assert.deepStrictEqual(yield* log.read({ ...all, ...filter, tenant: "" }), [])
        }
      }).pipe(Effect.provide(fresh)))

    it.effect("pages: the next page begins behind the last position", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        yield* log.commit([append("a", "any", 5), append("b", "any", 5)])
        const page = (after: number, limit: number, stream?: string) =>
          Effect.map(log.read({ after, limit, stream }), (events) => events.map(({ position }) => position))
        assert.deepStrictEqual(yield* page(0, 3), [1, 2, 3])
        assert.deepStrictEqual(yield* page(3, 3), [4, 5, 6])
        assert.deepStrictEqual(yield* page(9, 3), [10])
        assert.deepStrictEqual(yield* page(10, 3), [])
        assert.deepStrictEqual(yield* page(99, 3), [])
        assert.deepStrictEqual(yield* page(0, 0), [])
        assert.deepStrictEqual(yield* page(1, 2, "b"), [6, 7])
      }).pipe(Effect.provide(fresh)))

    it.effect.prop(
      "does what a list would do, whatever the order of groups, conflicts and reads",
      { steps: EventLogModel.Steps },
      ({ steps }) => EventLogModel.check(steps).pipe(Effect.provide(fresh)),
      { arbitrary: { runs: 60 }, timeout: 120_000 }
    )
  })
}
