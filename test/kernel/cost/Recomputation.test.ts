/** Costs are what they were when a call was answered, until they are computed anew: over each adapter of the log. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { CallCosts } from "../../../src/apis/usage/CallCosts.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import type { AnyProjection } from "../../../src/events/projections/Projection.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import * as Pricing from "../../../src/kernel/cost/Pricing.ts"
import * as Recomputation from "../../../src/kernel/cost/Recomputation.ts"
import type { Dimension } from "../../../src/kernel/cost/UsageTotals.ts"
import { Grouping } from "../../../src/kernel/cost/UsageTotals.ts"
import type { Prices } from "../../support/CostWorld.ts"
import { answered, answers, registered, registrations, tableOf, usage } from "../../support/CostWorld.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const before: Prices = { version: "table 1", models: { a: "2", b: "0.1" } }
/** `a` is cheaper, `c` has a price, `b` has the same. */
const after: Prices = { version: "table 2", models: { a: "1.5", b: "0.1", c: "4" } }

const adapters = [
  { name: "memory", supported: true, open: (tables: ReadonlyArray<AnyProjection>) => MemoryStore.layerOf(tables) },
  {
    name: "SQLite",
    supported: true,
    open: (projections: ReadonlyArray<AnyProjection>) =>
      Layer.unwrap(
        Effect.map(TemporaryFolder.make, (folder) => SqliteStore.layer({ folder, access: "write", projections }))
      )
  },
  {
    name: "PostgreSQL",
    supported: Postgres.unsupported === undefined,
    open: (projections: ReadonlyArray<AnyProjection>) =>
      Layer.unwrap(
        Effect.map(
          Postgres.schema,
          (schema) => PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections })
        )
      )
  }
]

const first = { time: Date.UTC(2026, 10, 26, 12) }
const second = { time: Date.UTC(2026, 10, 27, 12) }

const totals = (...by: ReadonlyArray<Dimension>) =>
  Effect.gen(function*() {
    const grouping = new Grouping(by)
    for (const { document } of yield* (yield* ProjectionTables).list(CallCosts, { limit: 100 })) grouping.add(document)
    return grouping.groups.map(({ totals, values }) => [...values, totals.cost])
  })

const recorded = Effect.gen(function*() {
  const log = yield* EventLog
  yield* log.commit([registrations(registered("remote::priced"))])
  yield* log.commit([
    answers(answered({ model: "a", usage: usage(7) }, { ...second, principal: "alice", tenant: "acme" })),
    answers(
      answered({ model: "a", usage: usage(1000) }, { ...first, principal: "alice" }),
      answered({ model: "b", usage: usage(3000) }, { ...first, principal: "bob" }),
      answered({ model: "c", usage: usage(10) }, { ...second, principal: "bob" }),
      answered({ model: "d", usage: usage(10) }, { ...second, principal: "bob" })
    )
  ])
})

for (const { name, open, supported } of adapters) {
  describe.skipIf(!supported)(`Recomputation on ${name}`, () => {
    it.effect("changes what the prices changed, by day and by principal, and says what that is", () => {
      let prices = before
      const costs = CallCosts.priced(Pricing.make([], () => tableOf(prices)))
      return Effect.gen(function*() {
        yield* recorded
        // 1000×2 = 2000, 3000×0.1 = 300, 7×2 = 14 millionths; c and d have no price.
        const asItWas = [["2026-11-26", "0.0023"], ["2026-11-27", "0.000014"]]
        assert.deepStrictEqual(yield* totals("day"), asItWas)
        prices = after
        assert.deepStrictEqual(yield* totals("day"), asItWas)

        const recomputed = yield* Recomputation.run(CallCosts, () => Effect.void)
        // 1000×1.5 = 1500, 300, 7×1.5 = 10.5, 10×4 = 40 millionths.
        assert.deepStrictEqual(yield* totals("day"), [["2026-11-26", "0.0018"], ["2026-11-27", "0.0000505"]])
        assert.deepStrictEqual(yield* totals("principal"), [["alice", "0.0015105"], ["bob", "0.00034"]])
        assert.strictEqual(recomputed.changed, 3)
        assert.deepStrictEqual(
          recomputed.changes.map((
            { after, before, calls, model, provider }
          ) => [provider, model, calls, before.cost, after.cost]),
          [["p", "a", 2, "0.002014", "0.0015105"], ["p", "c", 1, null, "0.00004"]]
        )
        assert.deepStrictEqual([recomputed.before.cost, recomputed.after.cost], ["0.002314", "0.0018505"])
        assert.deepStrictEqual(recomputed.after.unpriced, [
          { provider: "p", model: "d", reason: "table 2 has no price of priced's d" }
        ])
        const rows = yield* (yield* ProjectionTables).list(CallCosts, { limit: 100 })
        assert.deepStrictEqual([...new Set(rows.map(({ document }) => document.prices))], ["table 2"])

        const again = yield* Recomputation.run(CallCosts, () => Effect.void)
        assert.deepInclude(again, { changed: 0, changes: [], before: recomputed.after, after: recomputed.after })
      }).pipe(Effect.provide(open([costs])), Effect.scoped)
    })
  })
}
