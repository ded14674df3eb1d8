/** What every adapter must do with projections: kept in the append's transaction, and rebuilt with the same result. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Schema } from "effect"
import type { Fact } from "../../src/events/facts/Fact.ts"
import type { Append } from "../../src/events/log/EventLog.ts"
import { EventLog } from "../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../src/events/log/ProjectionTables.ts"
import * as Projection from "../../src/events/projections/Projection.ts"
import type { EventDraft } from "../../src/events/types/Envelope.ts"
import { balances, closed, moved, opened, owners } from "./Accounts.ts"
import { draft, tenants } from "./EventDrafts.ts"
import { ofParts } from "./Facts.ts"
import type { Adapter } from "./storeContract.ts"

const append = (...events: ReadonlyArray<EventDraft>): Append => ({ stream: "bank", expectedVersion: "any", events })
const appendFor = (tenant: string, ...events: ReadonlyArray<EventDraft>): Append =>
  append(...events.map((event) => ({ ...event, tenant })))
const commit = (...group: ReadonlyArray<Append>) => Effect.flatMap(EventLog, (log) => log.commit(group))

const both = [balances, owners]

const rows = (
  query: {
    readonly tenant?: string
    readonly after?: number
    readonly limit?: number
    readonly before?: number
    readonly order?: "ascending" | "descending"
    readonly where?: Record<string, unknown>
  } = {}
) =>
  Effect.flatMap(ProjectionTables, (tables) => tables.list(balances, { limit: 100, ...query } as never)).pipe(
    Effect.map((list) => list.map(({ document, key, position }) => [key, position, document.balance]))
  )

const status = Effect.flatMap(ProjectionTables, (tables) => Effect.forEach(both, (each) => tables.status(each)))

const rebuild = Effect.flatMap(ProjectionTables, (tables) => tables.rebuild(both, () => Effect.void))

const Id = Schema.Literals(["a", "b", "c"])
const Step = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("opened"), id: Id, owner: Schema.NullOr(Schema.Literals(["x", "y"])) }),
  Schema.Struct({ kind: Schema.Literal("moved"), id: Id, amount: Schema.Int }),
  Schema.Struct({ kind: Schema.Literal("closed"), id: Id }),
  Schema.Struct({ kind: Schema.Literal("other") })
])
const Group = Schema.Struct({
  tenant: Schema.Literals(tenants),
  steps: Schema.Array(Step).check(Schema.isMaxLength(6))
})
const Groups = Schema.Array(Group).check(Schema.isMaxLength(6))

const toDraft = (step: typeof Step.Type): EventDraft => {
  if (step.kind === "opened") return opened(step.id, step.owner)
  if (step.kind === "moved") return moved(step.id, step.amount)
  return step.kind === "closed" ? closed(step.id) : draft()
}

let facts = 0

/** The same events, as those of one fact. */
const inOneFact = (events: ReadonlyArray<EventDraft>, tenant = ""): Fact => ({
  ...ofParts(...events.map(({ payload, time, type }, index) => ({
    kind: "event" as const,
    numbering: "request" as const,
    counter: index + 1,
    time,
    causationId: null,
    type,
    schemaVersion: 1,
    payload
  }))),
  tenant,
  requestId: `0199dddd-0000-7000-8000-${String(++facts).padStart(8, "0")}0000`
})

export const projectionContract = ({ database, durable, name }: Adapter) => {
  describe(`${name} keeps projections`, () => {
    it.effect("with the append: rows are made, changed and removed", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const tables = yield* ProjectionTables
          yield* commit(append(opened("a", "x"), draft(), opened("b", "x")), append(moved("a", 5), moved("a", -2)))
          assert.deepStrictEqual(yield* rows(), [["a", 1, 3], ["b", 3, 0]])
          assert.deepStrictEqual((yield* tables.get(balances, "", "a"))?.document, { owner: "x", balance: 3, moves: 2 })
          assert.deepStrictEqual((yield* tables.get(owners, "", "x"))?.document, { opened: 2 })
          yield* commit(append(closed("a"), moved("b", 1)))
          assert.strictEqual(yield* tables.get(balances, "", "a"), undefined)
          assert.strictEqual(yield* tables.get(balances, "", "a\u0000b"), undefined)
          assert.deepStrictEqual(yield* rows(), [["b", 3, 1]])
          yield* commit(append(opened("a")))
          assert.deepStrictEqual(yield* rows(), [["b", 3, 1], ["a", 8, 0]])
        }).pipe(Effect.provide(open(both)))
      }))

    it.effect("of the events that facts stand for, each at its place", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const fact = inOneFact([draft(), opened("a", "x"), moved("a", 5), opened("b", "x"), closed("a"), opened("c")])
          yield* commit({ ...append(), events: [draft(), fact, moved("b", 1)] })
          assert.deepStrictEqual(yield* rows(), [["b", 5, 1], ["c", 7, 0]])
          yield* commit({ ...append(), events: [fact] }, append(moved("c", 2)))
          assert.deepStrictEqual(yield* rows(), [["b", 5, 1], ["c", 7, 2]])
          const before = yield* status
          yield* rebuild
          assert.deepStrictEqual(yield* status, before)
        }).pipe(Effect.provide(open(both)))
      }))

    it.effect("lists them by position, page by page, and by index", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          yield* commit(append(opened("c", "x"), opened("a", "y"), opened("b", "x"), opened("d"), moved("d", 4)))
          assert.deepStrictEqual(yield* rows({ limit: 2 }), [["c", 1, 0], ["a", 2, 0]])
          assert.deepStrictEqual(yield* rows({ limit: 2, after: 2 }), [["b", 3, 0], ["d", 4, 4]])
          assert.deepStrictEqual(yield* rows({ limit: 2, order: "descending" }), [["d", 4, 4], ["b", 3, 0]])
          assert.deepStrictEqual(yield* rows({ before: 3, order: "descending" }), [["a", 2, 0], ["c", 1, 0]])
          assert.deepStrictEqual(yield* rows({ before: 4, after: 1, limit: 1 }), [["a", 2, 0]])
          assert.deepStrictEqual(yield* rows({ where: { owner: "x" } }), [["c", 1, 0], ["b", 3, 0]])
          assert.deepStrictEqual(yield* rows({ where: { owner: null } }), [["d", 4, 4]])
          assert.deepStrictEqual(yield* rows({ where: { owner: null, moves: 0 } }), [])
          assert.deepStrictEqual(yield* rows({ where: { moves: 0 }, after: 1, limit: 1 }), [["a", 2, 0]])
        }).pipe(Effect.provide(open(both)))
      }))

    it.effect("follows documents that name each other, as far as they do, and as many as are asked for", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const tables = yield* ProjectionTables
          yield* commit(
            append(
              opened("a"),
              opened("b", "a"),
              opened("d", "e"),
              opened("c", "b"),
              opened("e", "c"),
              opened("f", "f")
            ),
            append(opened("g", "gone"), moved("b", 4)),
            appendFor("acme", opened("a", "z"), opened("z"))
          )
          const lineage = (key: string, { limit = 100, tenant = "" } = {}) =>
            Effect.map(
              tables.lineage(balances, { tenant, key, path: ["owner"], limit }),
              (rows) => rows.map((row) => `${row.tenant}${row.key}${row.document.balance}`).join(" ")
            )
          assert.strictEqual(yield* lineage("d"), "d0 e0 c0 b4 a0")
          assert.strictEqual(yield* lineage("d", { limit: 2 }), "d0 e0")
          assert.strictEqual(yield* lineage("a"), "a0")
          assert.strictEqual(yield* lineage("g"), "g0")
          assert.strictEqual(yield* lineage("f", { limit: 3 }), "f0 f0 f0")
          assert.strictEqual(yield* lineage("a", { tenant: "acme" }), "acmea0 acmez0")
          for (const absent of ["z", "a\u0000b", "owner"]) assert.strictEqual(yield* lineage(absent), "")
        }).pipe(Effect.provide(open(both)))
      }))

    it.effect("of each tenant by itself: a key is one of its tenant's", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const tables = yield* ProjectionTables
          yield* commit(
            append(opened("a", "x")),
            appendFor("acme", opened("a", "x"), opened("b"), moved("a", 5)),
            append(moved("a", 1), moved("b", 1))
          )
          const balanceOf = (tenant: string, key: string) =>
            Effect.map(tables.get(balances, tenant, key), (row) => [row?.tenant, row?.document.balance])
          assert.deepStrictEqual(yield* balanceOf("", "a"), ["", 1])
          assert.deepStrictEqual(yield* balanceOf("acme", "a"), ["acme", 5])
          assert.deepStrictEqual(yield* balanceOf("acme", "b"), ["acme", 0])
          assert.deepStrictEqual(yield* balanceOf("", "b"), [undefined, undefined])
          assert.deepStrictEqual(yield* rows(), [["a", 1, 1], ["a", 2, 5], ["b", 3, 0]])
          assert.deepStrictEqual(yield* rows({ tenant: "" }), [["a", 1, 1]])
          assert.deepStrictEqual(yield* rows({ tenant: "acme" }), [["a", 2, 5], ["b", 3, 0]])
          assert.deepStrictEqual(yield* rows({ tenant: "acme", where: { owner: null } }), [["b", 3, 0]])
          assert.deepStrictEqual(yield* rows({ tenant: "acme", where: { owner: "x" } }), [["a", 2, 5]])
          assert.deepStrictEqual(yield* rows({ where: { owner: "x" } }), [["a", 1, 1], ["a", 2, 5]])
          assert.deepStrictEqual(yield* rows({ tenant: "acme", after: 2, limit: 1 }), [["b", 3, 0]])
          assert.deepStrictEqual(yield* rows({ tenant: "none" }), [])
          const before = yield* status
          yield* rebuild
          assert.deepStrictEqual(yield* status, before)
          yield* commit(appendFor("acme", closed("a")))
          assert.deepStrictEqual(yield* rows(), [["a", 1, 1], ["b", 3, 0]])
        }).pipe(Effect.provide(open(both)))
      }))

    it.effect("leaves them alone when an append is refused or repeated", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const again = append(opened("a", "x"), moved("a", 5))
          yield* commit(again)
          yield* commit({ ...append(moved("a", 100)), expectedVersion: "none" }, again, append(moved("a", 1)))
          assert.deepStrictEqual(yield* rows(), [["a", 1, 6]])
        }).pipe(Effect.provide(open(both)))
      }))

    it.effect.prop(
      "rebuilds them byte for byte, whatever was appended in whatever groups",
      { groups: Groups },
      ({ groups }) =>
        Effect.gen(function*() {
          const { open } = yield* database
          yield* Effect.gen(function*() {
            for (const [index, { steps, tenant }] of groups.entries()) {
              const events = steps.map(toDraft)
              if (index % 2 === 0 || events.length === 0) {
                yield* commit(...events.map((event) => appendFor(tenant, event)))
              } else {
                const { events: single } = appendFor(tenant, draft(), ...steps.map(toDraft))
                yield* commit({ ...append(), events: [inOneFact(events, tenant), ...single] })
              }
            }
            const before = yield* status
            const { rows } = yield* rebuild
            assert.deepStrictEqual(yield* status, before)
            assert.strictEqual(rows, before.reduce((sum, each) => sum + each.rows, 0))
          }).pipe(Effect.provide(open(both)))
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 15 } }
    )

    it.effect("tells how far a rebuild has come, and goes on behind it", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const tables = yield* ProjectionTables
          yield* commit(append(opened("a", "x"), ...Array.from({ length: 2500 }, (_, n) => moved("a", n))))
          const seen = yield* Ref.make<ReadonlyArray<number>>([])
          const rebuilt = yield* tables.rebuild(both, ({ head, position }) => {
            assert.strictEqual(head, 2501)
            return Ref.update(seen, (list) => [...list, position])
          })
          assert.deepStrictEqual(rebuilt, { events: rebuilt.events, rows: 2 })
          const positions = yield* Ref.get(seen)
          assert.strictEqual(positions.at(-1), 2501)
          assert.deepStrictEqual(positions, [...positions].sort((one, other) => one - other))
          yield* commit(append(moved("a", 1)))
          const [row] = yield* rows()
          assert.deepStrictEqual(row, ["a", 1, 2499 * 2500 / 2 + 1])
        }).pipe(Effect.provide(open(both)))
      }))

    if (!durable) return

    it.effect("keeps them when it is opened again, and builds those that are new or changed", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* commit(append(opened("a", "x"), moved("a", 5))).pipe(Effect.provide(open([balances])))
        yield* Effect.gen(function*() {
          const tables = yield* ProjectionTables
          assert.deepStrictEqual(yield* rows(), [["a", 1, 5]])
          assert.deepStrictEqual((yield* tables.get(owners, "", "x"))?.document, { opened: 1 })
          yield* commit(append(moved("a", 1)))
        }).pipe(Effect.provide(open(both)))
        const doubled = Projection.make({
          ...balances,
          version: 2,
          events: [],
          document: Schema.Struct({ owner: Schema.NullOr(Schema.String), balance: Schema.Int, moves: Schema.Int }),
          evolve: (document, event) => {
            const next = balances.evolve(document, event)
            return event.type === "account:moved" && next !== undefined && document !== undefined
              ? { ...next, balance: 2 * next.balance - document.balance }
              : next
          }
        })
        yield* Effect.gen(function*() {
          assert.deepStrictEqual(yield* rows(), [["a", 1, 12]])
        }).pipe(Effect.provide(open([{ ...doubled, types: balances.types }, owners])))
      }))

    it.effect("catches up with events that were appended while a projection was not kept", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* commit(append(opened("a", "x"))).pipe(Effect.provide(open(both)))
        yield* commit(append(moved("a", 7))).pipe(Effect.provide(open([])))
        yield* Effect.gen(function*() {
          assert.deepStrictEqual(yield* rows(), [["a", 1, 7]])
        }).pipe(Effect.provide(open(both)))
      }))
  })
}
