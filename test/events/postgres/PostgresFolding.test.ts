/** Tables that are folded behind the writers, by any number of processes: each store here has connections of its own. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schedule, Schema } from "effect"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import type { AnyProjection } from "../../../src/events/projections/Projection.ts"
import type { EventDraft } from "../../../src/events/types/Envelope.ts"
import { balances, closed, moved, opened, owners } from "../../support/Accounts.ts"
import { drafts } from "../../support/EventDrafts.ts"
import * as Postgres from "../../support/Postgres.ts"

const both = [balances, owners]

const open = (schema: string, projections: ReadonlyArray<AnyProjection> = both, access: "read" | "write" = "write") =>
  Layer.build(PostgresStore.layer({ url: Postgres.url, schema, access, projections, poolSize: 4 }))

type Store = Effect.Success<ReturnType<typeof open>>

const append = (store: Store, ...events: ReadonlyArray<EventDraft>) =>
  Context.get(store, EventLog).commit([{ stream: "bank", expectedVersion: "any", events }])

const balanceOf = (store: Store, account: string) =>
  Effect.map(Context.get(store, ProjectionTables).get(balances, "", account), (row) => row?.document.balance)

const statuses = (store: Store) =>
  Effect.forEach(both, (projection) => Context.get(store, ProjectionTables).status(projection))

/** As it stands in the database, whoever waits. */
const stored = (schema: string) =>
  Effect.map(
    Postgres.run(schema, "SELECT document FROM projection_balances"),
    (rows) => rows.map((row) => JSON.parse(String(row["document"])).balance)
  )

const foldedTo = (schema: string) =>
  Effect.map(
    Postgres.run(schema, "SELECT min(folded_through) AS folded_through FROM projections"),
    ([row]) => Number(row?.["folded_through"])
  )

/** Within a second. */
const soon = { schedule: Schedule.spaced("20 millis"), times: 50 }

const Step = Schema.Struct({
  process: Schema.Literals([0, 1]),
  does: Schema.Literals(["append", "append", "append", "read", "rebuild"]),
  events: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 30 }))
})

describe.skipIf(Postgres.unsupported !== undefined)("PostgresFolding", () => {
  it.effect("leaves the tables as they are in an append; a reader gets what stood in the log when it came", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const store = yield* open(schema)
      yield* append(store, opened("a", "x"), moved("a", 5))
      assert.deepStrictEqual(yield* stored(schema), [])
      // What this process wrote is folded in memory for who asks for one row, in the database for who asks for more.
      assert.strictEqual(yield* balanceOf(store, "a"), 5)
      assert.strictEqual(yield* balanceOf(store, "b"), undefined)
      assert.deepStrictEqual(yield* stored(schema), [])
      yield* statuses(store)
      assert.deepStrictEqual(yield* stored(schema), [5])
      yield* append(store, moved("a", 2), closed("a"), opened("b", "y"))
      assert.strictEqual(yield* balanceOf(store, "a"), undefined)
      assert.strictEqual(yield* balanceOf(store, "b"), 0)
      assert.deepStrictEqual(yield* stored(schema), [5])
    }))

  it.live("folds what was written within a second, though nobody reads", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const store = yield* open(schema)
      yield* append(store, opened("a", "x"), moved("a", 5), ...drafts(700))
      yield* foldedTo(schema).pipe(Effect.filterOrFail((position) => position === 702), Effect.retry(soon))
      assert.deepStrictEqual(yield* stored(schema), [5])
    }))

  it.live("folds what a process left that died, though nobody writes or reads", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* open(schema)
      const dead = yield* open(schema, [])
      yield* append(dead, opened("a", "x"), moved("a", 7))
      yield* foldedTo(schema).pipe(Effect.filterOrFail((position) => position === 2), Effect.retry(soon))
      assert.deepStrictEqual(yield* stored(schema), [7])
    }))

  it.effect("folds what is left when the log is closed, and at the next start what a crash left", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* Effect.scoped(Effect.flatMap(open(schema), (store) => append(store, opened("a", "x"), moved("a", 1))))
      assert.deepStrictEqual(yield* stored(schema), [1])
      yield* Effect.scoped(Effect.flatMap(open(schema, []), (store) => append(store, moved("a", 1))))
      assert.deepStrictEqual(yield* stored(schema), [1])
      yield* open(schema)
      assert.deepStrictEqual(yield* stored(schema), [2])
    }))

  it.live("lets who can only read wait for who writes, and says so where nobody does", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const writer = yield* Effect.scoped(Effect.gen(function*() {
        const store = yield* open(schema)
        const reader = yield* open(schema, both, "read")
        yield* append(store, opened("a", "x"), moved("a", 3))
        assert.strictEqual(yield* balanceOf(reader, "a"), 3)
        return yield* open(schema, [])
      }))
      const late = yield* open(schema, [])
      const reader = yield* open(schema, both, "read")
      yield* append(late, moved("a", 3))
      const error = yield* Effect.flip(balanceOf(reader, "a"))
      assert.include(error.message, "the tables of balances are not up to date. Start the server once")
      return writer
    }))

  it.effect.prop(
    "folds every event once, whichever process wrote it, reads or makes the tables anew",
    { steps: Schema.Array(Step).check(Schema.isMinLength(4), Schema.isMaxLength(24)) },
    ({ steps }) =>
      Effect.gen(function*() {
        const schema = yield* Postgres.schema
        const stores = [yield* open(schema), yield* open(schema)] as const
        yield* append(stores[0], opened("a", "x"))
        let sum = 0
        const take = ({ does, events, process }: typeof Step.Type): Effect.Effect<unknown, unknown> => {
          const store = stores[process]
          if (does === "read") return balanceOf(store, "a")
          if (does === "rebuild") return Context.get(store, ProjectionTables).rebuild(both, () => Effect.void)
          sum += events
          return append(store, ...Array.from({ length: events }, () => moved("a", 1)), opened(`b${sum}`, "y"))
        }
        // Each process does its own one after the other, beside the other.
        yield* Effect.forEach([0, 1], (process) =>
          Effect.forEach(steps.filter((step) => step.process === process), take, { discard: true }), { concurrency: 2 })
        assert.deepStrictEqual([yield* balanceOf(stores[0], "a"), yield* balanceOf(stores[1], "a")], [sum, sum])
        const before = yield* statuses(stores[1])
        yield* Context.get(stores[0], ProjectionTables).rebuild(both, () =>
          Effect.void)
        assert.deepStrictEqual(yield* statuses(stores[1]), before)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 12 } }
  )
})
