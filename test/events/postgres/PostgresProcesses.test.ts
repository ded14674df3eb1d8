/** Several processes on one log: each store here has connections of its own, as a process has. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Result, Schema, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Append, Filter } from "../../../src/events/log/EventLog.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import type { AnyProjection } from "../../../src/events/projections/Projection.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { balances, moved, opened, owners } from "../../support/Accounts.ts"
import { draft, drafts, matches } from "../../support/EventDrafts.ts"
import { answer, ofParts } from "../../support/Facts.ts"
import * as Postgres from "../../support/Postgres.ts"
import { turns } from "../../support/SlowEventLog.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const listOf = <S extends Schema.Top>(item: S, minimum: number, maximum: number) =>
  Schema.Array(item).check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum))

const store = (schema: string, projections: ReadonlyArray<AnyProjection> = []) =>
  Layer.build(PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections, poolSize: 4 }))

const hub = (schema: string) =>
  Effect.map(
    Layer.build(
      EventHub.layer({ pageSize: 7 }).pipe(
        Layer.provide(PostgresStore.layer({ url: Postgres.url, schema, access: "write", poolSize: 4 }))
      )
    ),
    (context) => Context.get(context, EventHub)
  )

const Step = Schema.Struct({
  stream: Schema.Literals(["a", "b", "c"]),
  type: Schema.Literals(["llm:request", "api:request"]),
  count: between(1, 3),
  pause: between(0, 3),
  waits: Schema.Boolean
})
/** Writers of one process; each takes its steps one after the other. */
const Process = listOf(listOf(Step, 1, 5), 1, 3)

const take = (process: EventHub["Service"], filter: Filter, count: number) =>
  process.follow(filter).pipe(Stream.take(count), Stream.runCollect)

const eventsOf = ({ count, type }: typeof Step.Type) => drafts(count, { type })

const positions = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

const append = (
  stream: string,
  expectedVersion: Append["expectedVersion"],
  events: Append["events"] = drafts(1)
): Append => ({
  stream,
  expectedVersion,
  events
})

describe.skipIf(Postgres.unsupported !== undefined)("two processes on one PostgreSQL log", () => {
  it.effect.prop(
    "see every event of both once and in order, while both write",
    {
      processes: Schema.Tuple([Process, Process]),
      types: Schema.UndefinedOr(listOf(Schema.Literals(["llm:*"]), 1, 1))
    },
    ({ processes, types }) =>
      Effect.gen(function*() {
        const schema = yield* Postgres.schema
        const hubs = [yield* hub(schema), yield* hub(schema)]
        const steps = processes.flat(2)
        const total = steps.reduce((sum, { count }) => sum + count, 0)
        const wanted = steps.filter(({ type }) => types === undefined || type === "llm:request")
          .reduce((sum, { count }) => sum + count, 0)
        const followers = yield* Effect.forEach(hubs, (process) => Effect.forkChild(take(process, { types }, wanted)))
        yield* Effect.forEach(processes.entries(), ([index, writers]) =>
          Effect.forEach(writers, (steps) =>
            Effect.forEach(steps, (step) =>
              Effect.andThen(
                turns(step.pause),
                step.waits
                  ? hubs[index]!.append(step.stream, "any", eventsOf(step))
                  : hubs[index]!.publish(step.stream, eventsOf(step))
              ), { discard: true }), { concurrency: "unbounded", discard: true }), {
          concurrency: "unbounded",
          discard: true
        })
        const written = yield* take(hubs[0]!, {}, total)
        assert.deepStrictEqual(
          written.map(({ position }) =>
            position
          ),
          positions(total)
        )
        for (const stream of ["a", "b", "c"]) {
          const versions = written.filter((event) =>
            event.stream === stream
          ).map(({ version }) => version)
          assert.deepStrictEqual(versions, positions(versions.length))
        }
        for (const follower of followers) {
          assert.deepStrictEqual(yield* Fiber.join(follower), written.filter(matches({ types })))
        }
        assert.strictEqual(yield* hubs[1]!.head, total)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 12 } }
  )

  it.effect("agree on who began a stream: one append of each kind is taken, the others are told so", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const logs = yield* Effect.forEach([1, 2, 3], () => Effect.map(store(schema), Context.get(EventLog)))
      for (const stream of ["a", "b", "c", "d", "e"]) {
        const results = yield* Effect.forEach(logs, (log) => log.commit([append(stream, "none")]), {
          concurrency: "unbounded"
        })
        const failures = results.flatMap(([result]) =>
          result !== undefined && Result.isFailure(result) ? [result.failure] : []
        )
        assert.deepStrictEqual(failures.map(({ _tag }) => _tag), ["VersionConflict", "VersionConflict"])
      }
      assert.strictEqual(yield* logs[0]!.head, 5)
    }))

  it.effect("store an event once, whichever of them it is handed to, and give the same answer", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const logs = yield* Effect.forEach([1, 2], () => Effect.map(store(schema), Context.get(EventLog)))
      for (let round = 0; round < 10; round++) {
        const group = [append("a", round * 3, drafts(2)), append("a", "any", drafts(1))]
        const [one, other] = yield* Effect.forEach(logs, (log) => log.commit(group), { concurrency: "unbounded" })
        assert.deepStrictEqual(one, other)
        assert.deepStrictEqual(one?.map(Result.isSuccess), [true, true])
      }
      assert.strictEqual(yield* logs[1]!.head, 30)
    }))

  it.effect("store a fact once, and refuse what reaches into it, whichever of them stored it", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const logs = yield* Effect.forEach([1, 2], () => Effect.map(store(schema), Context.get(EventLog)))
      for (let round = 0; round < 10; round++) {
        const fact = ofParts(answer(1 + 8 * round, "one"), answer(3 + 8 * round, "two"))
        const [one, other] = yield* Effect.forEach(logs, (log) => log.commit([append("a", "any", [fact])]), {
          concurrency: "unbounded"
        })
        assert.deepStrictEqual(one, other)
        const into = ofParts(answer(4 + 8 * round, "reaches into it"))
        const refused = yield* Effect.forEach(logs, (log) => log.commit([append("a", "any", [into])]))
        assert.deepStrictEqual(refused.flat().map((result) => Result.isFailure(result) && result.failure._tag), [
          "EventIdTaken",
          "EventIdTaken"
        ])
      }
      assert.strictEqual(yield* logs[1]!.head, 40)
    }))

  it.effect("prune together: each payload goes once, and is counted once", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const stores = yield* Effect.forEach([1, 2, 3], () => store(schema))
      const log = Context.get(stores[0]!, EventLog)
      const facts = Array.from({ length: 40 }, (_, index) => ofParts(answer(1 + 2 * index, "text ".repeat(100))))
      yield* log.commit([append("a", "any", [...facts, ...drafts(5, { level: "raw", payload: "\"0123456789\"" })])])
      const size = (level: "debug" | "raw") => Context.get(stores[0]!, PayloadRetention).size(level)
      const before = yield* size("raw")
      const prune = (level: "debug" | "raw") => (context: typeof stores[number]) =>
        Context.get(context, PayloadRetention).prune({ level, before: Number.MAX_SAFE_INTEGER, limit: 100, now: 9 })
      const pruned = yield* Effect.forEach([...stores, ...stores], prune("raw"), { concurrency: "unbounded" })
      const sum = (of: "events" | "bytes") => pruned.reduce((sum, each) => sum + each[of], 0)
      assert.strictEqual(sum("events"), 45)
      assert.strictEqual(yield* size("raw"), before - sum("bytes"))
      assert.strictEqual(yield* size("raw"), 5 * "null".length)
      // Of the two levels at once as well.
      yield* log.commit([append("a", "any", [ofParts(answer(1001, "text"), answer(1003, "text"))])])
      const both = yield* Effect.forEach(stores, (context) =>
        Effect.all([prune("raw")(context), prune("debug")(context)], { concurrency: 2 }), { concurrency: "unbounded" })
      const rest = yield* Effect.forEach(["raw", "debug"] as const, (level) =>
        prune(level)(stores[0]!))
      assert.strictEqual(
        [...both.flat(), ...rest].reduce((sum, { events }) =>
          sum + events, 0),
        40 + 4
      )
      assert.strictEqual(yield* size("debug"), 0)
      const events = yield* log.read({ after: 0, limit: 1000 })
      assert.isTrue(events.every(({ payload }) => payload === "null"))
    }))

  it.effect("know a stream's version though the other one appended to it", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const [one, other] = [Context.get(yield* store(schema), EventLog), Context.get(yield* store(schema), EventLog)]
      for (let version = 0; version < 6; version += 2) {
        assert.deepStrictEqual(yield* one.commit([append("a", version)]), [
          Result.succeed({ version: version + 1, position: version + 1 })
        ])
        assert.deepStrictEqual(yield* other.commit([append("a", version + 1)]), [
          Result.succeed({ version: version + 2, position: version + 2 })
        ])
      }
    }))

  it.effect("fold into the same tables", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const stores = [yield* store(schema, [balances, owners]), yield* store(schema, [balances, owners])]
      const logs = stores.map((context) => Context.get(context, EventLog))
      const tables = Context.get(stores[0]!, ProjectionTables)
      yield* logs[0]!.commit([append("bank", "any", [opened("a", "x")])])
      yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => index),
        (index) => logs[index % 2]!.commit([append("bank", "any", [moved("a", index)])]),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual((yield* tables.get(balances, "", "a"))?.document, { owner: "x", balance: 190, moves: 20 })
      const before = yield* tables.status(balances)
      yield* tables.rebuild([balances], () => Effect.void)
      assert.deepStrictEqual(yield* tables.status(balances), before)
    }))

  it.effect("fold what one appended that does not keep a table, before they go on", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const keeper = yield* store(schema, [balances])
      const stranger = Context.get(yield* store(schema), EventLog)
      yield* Context.get(keeper, EventLog).commit([append("bank", "any", [opened("a", "x")])])
      yield* stranger.commit([append("bank", "any", [moved("a", 5)])])
      yield* Context.get(keeper, EventLog).commit([append("bank", "any", [moved("a", 1)])])
      const row = yield* Context.get(keeper, ProjectionTables).get(balances, "", "a")
      assert.deepStrictEqual(row?.document, { owner: "x", balance: 6, moves: 2 })
    }))

  it.effect("leave a table alone that another version of Strata made anew", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const old = yield* store(schema, [balances, owners])
      yield* Context.get(old, EventLog).commit([append("bank", "any", [opened("a", "x"), moved("a", 5)])])
      const next = yield* store(schema, [{ ...balances, version: 2, index: {} }, owners])
      yield* Context.get(old, EventLog).commit([append("bank", "any", [moved("a", 1), opened("b", "x")])])
      yield* Context.get(next, EventLog).commit([append("bank", "any", [moved("a", 1)])])
      const tables = Context.get(next, ProjectionTables)
      assert.strictEqual((yield* tables.get(balances, "", "a"))?.document.balance, 7)
      assert.deepStrictEqual((yield* tables.get(owners, "", "x"))?.document, { opened: 2 })
    }))

  it.effect("build a table once when they open the log together, while a third one writes", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const writer = Context.get(yield* store(schema), EventLog)
      yield* writer.commit([
        append("bank", "any", [opened("a", "x"), ...Array.from({ length: 1500 }, () => moved("a", 1))])
      ])
      const writing = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: 20 }), () => writer.commit([append("bank", "any", [moved("a", 1)])]), {
          discard: true
        })
      )
      const opened_ = yield* Effect.all([store(schema, [balances]), store(schema, [balances])], { concurrency: 2 })
      yield* Fiber.join(writing)
      yield* Context.get(opened_[0], EventLog).commit([append("bank", "any", [moved("a", 1)])])
      const row = yield* Context.get(opened_[1], ProjectionTables).get(balances, "", "a")
      assert.deepStrictEqual(row?.document, { owner: "x", balance: 1521, moves: 1521 })
    }))

  it.effect("rebuild a table while both append, with the same result", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const stores = [yield* store(schema, [balances]), yield* store(schema, [balances])]
      const tables = Context.get(stores[0]!, ProjectionTables)
      yield* Context.get(stores[0]!, EventLog).commit([append("bank", "any", [opened("a", "x")])])
      const writing = yield* Effect.forkChild(
        Effect.forEach(stores, (context) =>
          Effect.forEach(Array.from({ length: 30 }), () =>
            Context.get(context, EventLog).commit([append("bank", "any", [moved("a", 1)])])), {
          concurrency: "unbounded"
        })
      )
      for (let round = 0; round < 3; round++) {
        yield* tables.rebuild([balances], () =>
          Effect.void)
      }
      yield* Fiber.join(writing)
      const kept = yield* tables.status(balances)
      assert.strictEqual((yield* tables.get(balances, "", "a"))?.document.balance, 60)
      yield* tables.rebuild([balances], () =>
        Effect.void)
      assert.deepStrictEqual(yield* tables.status(balances), kept)
    }))

  it.live("tell each other: a follower that waits is woken by the other's append", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const [one, other] = [yield* hub(schema), yield* hub(schema)]
      const seen: Array<RecordedEvent> = []
      const following = yield* Effect.forkChild(
        one.follow({}).pipe(Stream.take(3), Stream.runForEach((event) => Effect.sync(() => seen.push(event))))
      )
      for (let position = 1; position <= 3; position++) {
        yield* other.append("a", "any", [draft()])
        // Nobody appends through the first hub: only the other's notification wakes its follower.
        yield* Effect.suspend(() => seen.length === position ? Effect.void : Effect.fail("not yet")).pipe(
          Effect.eventually
        )
      }
      yield* Fiber.join(following)
      assert.deepStrictEqual(seen.map(({ position }) => position), [1, 2, 3])
    }))
})
