/** Commits groups of appends in one transaction of four round trips: events, facts, projections and the log's state. */
import { Effect } from "effect"
import type { Result } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Appendable } from "../facts/Fact.ts"
import * as Fact from "../facts/Fact.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import * as FactPruning from "../facts/FactPruning.ts"
import * as FactShape from "../facts/FactShape.ts"
import { RecentBodies } from "../facts/RecentBodies.ts"
import type { Append, Appended, AppendRefused, EventLogUnavailable } from "../log/EventLog.ts"
import { tenantOf } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Lift } from "../types/Upcasting.ts"
import { AppendPlan } from "./AppendPlan.ts"
import type { PostgresCatchUp } from "./PostgresCatchUp.ts"
import type { Database, Queries } from "./PostgresDatabase.ts"
import { channelOf } from "./PostgresDatabase.ts"
import * as PostgresFacts from "./PostgresFacts.ts"
import { attempt } from "./PostgresFailure.ts"
import { texts } from "./PostgresParameters.ts"
import type { PostgresProjectionTable } from "./PostgresProjections.ts"
import { fold, foldInto, keysOf, together, writeAll } from "./PostgresProjections.ts"
import * as PostgresRows from "./PostgresRows.ts"
import type { GroupStanding } from "./PostgresStanding.ts"
import { lockAndRead } from "./PostgresStanding.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Bytes of prunable payload of a level. */
const bytesOf = ({ events, facts }: AppendPlan, level: "debug" | "raw"): bigint => {
  let bytes = 0
  for (const event of events) if (event.level === level) bytes += Buffer.byteLength(event.payload)
  for (const { fact } of facts) bytes += FactPruning.charactersOf(fact, level)
  return BigInt(bytes)
}

export interface PostgresWriter {
  commit(group: ReadonlyArray<Append>): Effect.Effect<ReadonlyArray<AppendResult>, SqlError | EventLogUnavailable>
  /** The highest position that this process has committed: its readers know of it already. */
  readonly committed: number
}

export const make = (
  database: Database,
  tables: ReadonlyArray<PostgresProjectionTable>,
  catchUp: PostgresCatchUp,
  lift: Lift
): PostgresWriter => {
  const types = new Set(tables.flatMap(({ projection }) => [...projection.types]))
  /** Shapes of facts that are committed. */
  const shapes = new Set<string>()
  const bodies = new RecentBodies()
  let committed = 0

  /** What is folded of what stands there. */
  const foldedAt = (each: Appendable, place: FactEvents.Place): ReadonlyArray<RecordedEvent> => {
    if (Fact.isFact(each)) return FactEvents.derive(each, place, ({ type }) => types.has(type)).map(lift)
    return types.has(each.type) ? [lift({ ...each, ...place })] : []
  }

  /** Keys do not depend on where an event will stand. */
  const keysIn = (group: ReadonlyArray<Append>) =>
    attempt("be written", () => {
      const events = group.flatMap(({ events, stream }) =>
        events.flatMap((each) => foldedAt(each, { stream, version: 1, position: 1 }))
      )
      return keysOf(tables, events)
    })

  /** What the events change in the tables that hold what this process makes of them. */
  const changesOf = Effect.fnUntraced(function*(queries: Queries, plan: AppendPlan, standing: GroupStanding) {
    const { head, projections, rows } = standing
    // A table of another version belongs to another Strata.
    const current = tables.filter(({ projection }) => projections.get(projection.name)?.version === projection.version)
    const behind = current.filter(({ projection }) => projections.get(projection.name)!.position < head)
    // A process that does not keep this table has appended.
    for (const table of behind) {
      yield* catchUp(queries, [table], projections.get(table.projection.name)!.position)
    }
    const events = yield* attempt(
      "be written",
      () =>
        [
          ...plan.events.map((event) => foldedAt(event, event)),
          ...plan.facts.map(({ fact, place }) => foldedAt(fact, place))
        ]
          .flat().sort((one, other) => one.position - other.position)
    )
    const changes = behind.length > 0
      ? yield* foldInto(queries, current, events)
      : yield* attempt("be written", () => fold(current, events, rows))
    return { current, changes }
  })

  const write = Effect.fnUntraced(function*(queries: Queries, plan: AppendPlan, standing: GroupStanding) {
    const { changes, current } = yield* changesOf(queries, plan, standing)
    const parameters: Array<unknown> = []
    const add = (parameter: unknown) => `$${parameters.push(parameter)}`
    const { events, facts, head } = plan
    const fresh = [...new Set(facts.map(({ fact }) => FactShape.textOf(fact)))].filter((shape) => !shapes.has(shape))
    const names = current.map(({ projection }) => projection.name)
    const parts = [
      ...events.length === 0 ? [] : [PostgresRows.insert(events, add)],
      ...facts.length === 0 ? [] : [PostgresFacts.insert(facts, add)],
      ...fresh.length === 0 ? [] : [PostgresFacts.insertShapes(fresh, add)],
      `UPDATE log_state SET last_position = ${add(BigInt(head))}, debug_bytes = debug_bytes + ${
        add(bytesOf(plan, "debug"))
      }, raw_bytes = raw_bytes + ${add(bytesOf(plan, "raw"))}`,
      ...names.length === 0 ? [] : [
        `UPDATE projections SET position = ${add(BigInt(head))} WHERE name = ANY(${add(texts(names))}::text[])`
      ],
      ...writeAll(current, changes, add)
    ]
    const notify = `SELECT 1 FROM pg_notify(${add(channelOf(database.schema))}, ${add(String(head))})`
    yield* queries.query(together(parts, notify), parameters)
    return fresh
  })

  const commit = Effect.fnUntraced(function*(group: ReadonlyArray<Append>) {
    const keys = yield* keysIn(group)
    const bases = group.map((append) => {
      const { events, stream } = append
      const tenant = tenantOf(append)
      return { tenant, stream, positions: bodies.basesFor(tenant, stream, events) }
    })
    const { fresh, plan, transaction } = yield* database.transaction(Effect.fnUntraced(function*(queries) {
      const standing = yield* lockAndRead(queries, group, keys, bases.flatMap(({ positions }) => positions))
      // Another process may have pruned them.
      for (const { positions, stream, tenant } of bases) {
        bodies.forget(tenant, stream, (position) => positions.includes(position) && !standing.bases.has(position))
      }
      const transaction = bodies.transaction()
      const plan = yield* attempt("be written", () => new AppendPlan(group, standing, transaction))
      const fresh = plan.head === standing.head ? [] : yield* write(queries, plan, standing)
      return { fresh, plan, transaction }
    }))
    for (const shape of fresh) shapes.add(shape)
    transaction.committed()
    if (plan.events.length + plan.facts.length > 0) committed = Math.max(committed, plan.head)
    return plan.results
  })

  return {
    commit,
    get committed() {
      return committed
    }
  }
}
