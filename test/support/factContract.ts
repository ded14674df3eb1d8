/** What every adapter of the event log must do with facts: their events are as if each were appended by itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { Layer } from "effect"
import { expand } from "../../src/events/facts/Expansion.ts"
import type { EventPart } from "../../src/events/facts/Fact.ts"
import { mostEvents } from "../../src/events/facts/Fact.ts"
import * as FactEvents from "../../src/events/facts/FactEvents.ts"
import type { Append } from "../../src/events/log/EventLog.ts"
import { EventIdTaken, EventLog } from "../../src/events/log/EventLog.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"
import { draft, drafts, matches } from "./EventDrafts.ts"
import { answer, ofParts } from "./Facts.ts"

const of = (stream: string, ...events: Append["events"]): Append => ({ stream, expectedVersion: "any", events })

const answerless: EventPart = {
  kind: "event",
  numbering: "request",
  counter: 1,
  time: 5,
  causationId: null,
  type: "test:seen",
  schemaVersion: 1,
  payload: "{}"
}

/** `fresh` is an empty log each time it is built. */
export const factContract = <E>(name: string, fresh: Layer.Layer<EventLog, E>) => {
  describe(`${name} keeps facts`, () => {
    it.effect("takes a fact for its events: each has a place and an id, and is found by it", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const fact = ofParts(answer(3, "one"), answer(7, "two"))
        const events = [draft(), fact, draft({ requestId: fact.requestId })]
        const results = yield* log.commit([{ stream: "s", expectedVersion: "none", events }, of("s", draft())])
        assert.deepStrictEqual(results.map(Result.getOrThrow), [{ version: 6, position: 6 }, {
          version: 7,
          position: 7
        }])
        const all = yield* log.read({ after: 0, limit: 100 })
        assert.deepStrictEqual(all.slice(0, 6), expand(events, { stream: "s", version: 1, position: 1 }))
        for (const event of all) {
          assert.deepStrictEqual(yield* log.read({ after: 0, limit: 100, id: event.id }), [event])
          assert.deepStrictEqual(yield* log.read({ after: event.position, limit: 100, id: event.id }), [])
        }
        for (const id of FactEvents.idsOf(fact)) {
          for (
            const other of [
              `${id}0`,
              id.slice(0, -1),
              id.slice(0, 10),
              "",
              `${id.slice(0, -1)}%`,
              `${id.slice(0, 19)}~`
            ]
          ) {
            assert.deepStrictEqual(yield* log.read({ after: 0, limit: 100, id: other }), [])
          }
        }
      }).pipe(Effect.provide(fresh)))

    it.effect("reads from the middle of a fact on, and up to it", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const facts = [1, 17, 33, 49].map((first) =>
          ofParts(...Array.from({ length: 8 }, (_, index) => answer(first + 2 * index, `${first}`)))
        )
        yield* log.commit([{ stream: "s", expectedVersion: "any", events: facts }])
        const all = yield* log.read({ after: 0, limit: 1000 })
        assert.strictEqual(all.length, 64)
        for (const filter of [{}, { types: ["llm:response:raw"] }, { level: "debug" as const }, { stream: "s" }]) {
          const wanted = all.filter(matches(filter))
          for (let after = 0; after < 64; after += 5) {
            for (const limit of [1, 3, 16, 17]) {
              assert.deepStrictEqual(
                yield* log.read({ ...filter, after, limit }),
                wanted.filter(({ position }) => position > after).slice(0, limit)
              )
            }
          }
        }
      }).pipe(Effect.provide(fresh)))

    it.effect("holds a fact of as many events as there may be, with what else begins like it", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const most = ofParts(...Array.from({ length: mostEvents / 2 }, (_, index) => answer(1 + 2 * index, "x")))
        // Of a call of the same request: it has the same beginning.
        const ofCall = {
          ...ofParts(answer(1, "y", { numbering: "call" })),
          call: { id: EventIds.ofCall(most.requestId, "1"), path: "1", attempt: 1, provider: "p" }
        }
        yield* log.commit([of("before", ...drafts(3)), { stream: "s", expectedVersion: "any", events: [most, ofCall] }])
        const all = yield* log.read({ after: 0, limit: 1000 })
        assert.strictEqual(all.length, 3 + mostEvents + 2)
        for (const position of [4, 5, 66, 67, 68, 69]) {
          const event = all[position - 1]!
          assert.deepStrictEqual(yield* log.read({ after: 0, limit: 10, id: event.id }), [event])
          assert.deepStrictEqual(yield* log.read({ after: position - 1, limit: 1 }), [event])
        }
        assert.deepStrictEqual(yield* log.read({ after: 66, limit: 1000 }), all.slice(66))
        assert.deepStrictEqual(yield* log.read({ after: 0, limit: 9, provider: "p" }), all.slice(-2))
        assert.deepStrictEqual(yield* log.read({ after: 0, limit: 1000, requestId: most.requestId }), all.slice(3))
      }).pipe(Effect.provide(fresh)))

    it.effect("refuses a fact one of whose ids is taken, and answers one that is repeated as the first time", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const fact = ofParts(answer(3, "one"), answer(7, "two"))
        const [third, fourth, seventh] = FactEvents.idsOf(fact) as [string, string, string]
        const before = yield* log.commit([of("a", draft(), fact)])
        const results = yield* log.commit([
          of("a", fact),
          of("b", fact),
          of("a", ofParts(answer(2, "reaches into it"))),
          of("a", ofParts(answer(4, "begins in it"))),
          of("a", ofParts(answer(1, "around it"), answer(9, "at its end"))),
          of("b", draft({ id: seventh })),
          of("a", draft({ id: seventh })),
          of("a", ofParts(answer(5, "between its parts"))),
          of("a", draft({ id: `${third}0` })),
          of("a", draft({ id: fourth.toUpperCase() })),
          of("a", ofParts(answer(20, "x")), ofParts(answer(21, "y"))),
          of("a", fact)
        ])
        const again = { version: 5, position: 5 }
        assert.deepStrictEqual(before, [Result.succeed(again)])
        assert.deepStrictEqual(results, [
          Result.succeed(again),
          Result.fail(new EventIdTaken({ id: third, stream: "a", position: 2 })),
          Result.fail(new EventIdTaken({ id: third, stream: "a", position: 2 })),
          Result.fail(new EventIdTaken({ id: fourth, stream: "a", position: 3 })),
          Result.succeed({ version: 9, position: 9 }),
          Result.fail(new EventIdTaken({ id: seventh, stream: "a", position: 4 })),
          Result.succeed({ version: 4, position: 4 }),
          Result.succeed({ version: 11, position: 11 }),
          Result.succeed({ version: 12, position: 12 }),
          Result.succeed({ version: 13, position: 13 }),
          Result.fail(new EventIdTaken({ id: EventIds.nth(fact.requestId, 21), stream: "a", position: 15 })),
          Result.succeed(again)
        ])
        assert.strictEqual(yield* log.head, 13)
      }).pipe(Effect.provide(fresh)))

    it.effect("knows the id of the event that begins a session, whoever comes with it", () =>
      Effect.gen(function*() {
        const log = yield* EventLog
        const sessionId = "0199eeee-0000-7000-8000-000000000000"
        const begun = { ...answerless, type: "session:start", numbering: "session" as const }
        const fact = { ...ofParts(begun, answer(1, "x")), sessionId }
        const stream = `session-${sessionId}`
        const first = yield* log.commit([{ stream, expectedVersion: "none", events: [fact] }])
        assert.deepStrictEqual(first, [Result.succeed({ version: 3, position: 3 })])
        const id = EventIds.nth(sessionId, 1)
        const [start] = yield* log.read({ after: 0, limit: 10, id })
        assert.deepInclude(start!, { position: 1, version: 1, stream, requestId: null, sessionId })
        assert.deepStrictEqual(yield* log.commit([of("elsewhere", draft({ id })), of(stream, fact)]), [
          Result.fail(new EventIdTaken({ id, stream, position: 1 })),
          first[0]!
        ])
        assert.deepStrictEqual((yield* log.read({ after: 0, limit: 10, sessionId })).length, 3)
      }).pipe(Effect.provide(fresh)))

    it.effect.each([{ tenant: "", other: "acme" }, { tenant: "acme", other: "" }, { tenant: "acme", other: "beta" }])(
      "knows the ids of a session that begins in \"$tenant\" where \"$other\" comes with them",
      ({ other, tenant }) =>
        Effect.gen(function*() {
          const log = yield* EventLog
          const sessionId = "0199eeee-0000-7000-8000-000000000000"
          const begun = { ...answerless, type: "session:start", numbering: "session" as const }
          const fact = { ...ofParts(begun, answer(1, "x")), tenant, sessionId }
          const stream = `session-${sessionId}`
          const first = yield* log.commit([{ stream, expectedVersion: "none", events: [fact] }])
          const id = EventIds.nth(sessionId, 1)
          const results = yield* log.commit([
            of("elsewhere", draft({ id, tenant: other })),
            of(stream, draft({ id, tenant: other })),
            of(stream, { ...fact, tenant: other }),
            of(stream, fact)
          ])
          const taken = Result.fail(new EventIdTaken({ id, stream, position: 1 }))
          assert.deepStrictEqual(results, [taken, taken, taken, first[0]!])
          const all = yield* log.read({ after: 0, limit: 10 })
          assert.deepStrictEqual(all, expand([fact], { stream, version: 1, position: 1 }))
          assert.isTrue(all.every((event) => event.tenant === tenant))
          for (const filter of [{ id }, { sessionId }, { stream }, { requestId: fact.requestId }]) {
            const found = yield* log.read({ after: 0, limit: 10, ...filter })
            assert.isAbove(found.length, 0)
            assert.deepStrictEqual(yield* log.read({ after: 0, limit: 10, ...filter, tenant }), found)
            assert.deepStrictEqual(yield* log.read({ after: 0, limit: 10, ...filter, tenant: other }), [])
          }
        }).pipe(Effect.provide(fresh))
    )
  })
}
