/** Commits groups of appends in one transaction of two round trips: events, facts and the log's state. */
import { Effect, Semaphore } from "effect"
import type { Result } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import * as FactPruning from "../facts/FactPruning.ts"
import * as FactShape from "../facts/FactShape.ts"
import { RecentBodies } from "../facts/RecentBodies.ts"
import { RecentPassages } from "../facts/RecentPassages.ts"
import type { Append, Appended, AppendRefused, EventLogUnavailable } from "../log/EventLog.ts"
import { tenantOf } from "../log/EventLog.ts"
import type { Placed, RecentTexts } from "./AppendPlan.ts"
import { AppendPlan } from "./AppendPlan.ts"
import type { Database, Statement } from "./PostgresDatabase.ts"
import { channelOf } from "./PostgresDatabase.ts"
import * as PostgresFacts from "./PostgresFacts.ts"
import { attempt } from "./PostgresFailure.ts"
import { together } from "./PostgresProjections.ts"
import * as PostgresRows from "./PostgresRows.ts"
import * as PostgresStanding from "./PostgresStanding.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Facts that bodies appended to a stream may refer to. */
interface Bases {
  readonly tenant: string
  readonly stream: string
  readonly positions: ReadonlyArray<number>
}

/** Bytes of prunable payload, by level. */
const bytesOf = ({ events, facts }: AppendPlan): { readonly debug: number; readonly raw: number } => {
  const bytes = { debug: 0, raw: 0 }
  for (const { event: { level, payload } } of events) {
    if (level !== "default") bytes[level] += Buffer.byteLength(payload)
  }
  for (const { fact } of facts) {
    const { debug, raw } = FactPruning.charactersOf(fact)
    bytes.debug += debug
    bytes.raw += raw
  }
  return bytes
}

export interface PostgresWriter {
  commit(group: ReadonlyArray<Append>): Effect.Effect<ReadonlyArray<AppendResult>, SqlError | EventLogUnavailable>
  /** The highest position that this process has committed: its readers know of it already. */
  readonly committed: number
}

/** `onCommitted` is told what was committed, behind which position and up to where. */
export const make = (
  database: Database,
  onCommitted: (placed: ReadonlyArray<Placed>, after: number, through: number) => void
): PostgresWriter => {
  /** Shapes of facts that are committed. */
  let shapes = new Set<string>()
  let bodies = new RecentBodies()
  let passages = new RecentPassages()
  let session: object | undefined
  let committed = 0

  /** A PostgreSQL that crashed may have lost what this process remembers of it. */
  const forgetLost = (current: object) => {
    if (session === current) return
    session = current
    shapes = new Set()
    bodies = new RecentBodies()
    passages = new RecentPassages()
  }

  /** By append: the positions of facts that it may refer to. */
  const basesFor = (group: ReadonlyArray<Append>): ReadonlyArray<Bases> =>
    group.map((append) => {
      const { events, stream } = append
      const tenant = tenantOf(append)
      return { tenant, stream, positions: bodies.basesFor(tenant, stream, events) }
    })

  const write = (plan: AppendPlan, fresh: ReadonlyArray<string>): Statement => {
    const parameters: Array<unknown> = []
    const add = (parameter: unknown) => `$${parameters.push(parameter)}`
    const { events, facts, head } = plan
    const { debug, raw } = bytesOf(plan)
    const parts = [
      ...events.length === 0 ? [] : [PostgresRows.insert(events, add)],
      ...facts.length === 0 ? [] : [PostgresFacts.insert(facts, add)],
      ...fresh.length === 0 ? [] : [PostgresFacts.insertShapes(fresh, add)],
      `UPDATE log_state SET last_position = ${add(BigInt(head))}, debug_bytes = debug_bytes + ${
        add(BigInt(debug))
      }, raw_bytes = raw_bytes + ${add(BigInt(raw))}`
    ]
    const notify = `SELECT 1 FROM pg_notify(${add(channelOf(database.schema))}, ${add(String(head))})`
    return { sql: together(parts, notify), parameters }
  }

  const transact = (group: ReadonlyArray<Append>, bases: ReadonlyArray<Bases>) =>
    database.append(
      PostgresStanding.statement(group, bases.flatMap(({ positions }) => positions)),
      (rows, _, session) =>
        attempt("be written", () => {
          forgetLost(session)
          const standing = PostgresStanding.ofRows(rows)
          // Another process may have pruned them.
          for (const { positions, stream, tenant } of bases) {
            bodies.forget(tenant, stream, (position) => positions.includes(position) && !standing.bases.has(position))
          }
          const recent: RecentTexts = { bodies: bodies.transaction(), passages: passages.transaction() }
          const plan = new AppendPlan(group, standing, recent)
          const given = new Set(plan.facts.map(({ fact }) => FactShape.textOf(fact)))
          const fresh = [...given].filter((shape) => !shapes.has(shape))
          return {
            last: plan.head === standing.head ? undefined : write(plan, fresh),
            result: { fresh, plan, after: standing.head, recent }
          }
        })
    )

  const commit = Effect.fnUntraced(function*(group: ReadonlyArray<Append>) {
    const { after, fresh, plan, recent } = yield* transact(
      group,
      yield* attempt("be written", () => basesFor(group))
    )
    for (const shape of fresh) shapes.add(shape)
    recent.bodies.committed()
    recent.passages.committed()
    if (plan.head > after) {
      committed = Math.max(committed, plan.head)
      onCommitted(plan.placed, after, plan.head)
    }
    return plan.results
  })

  const oneByOne = Semaphore.makeUnsafe(1)
  return {
    commit: (group) => oneByOne.withPermit(commit(group)),
    get committed() {
      return committed
    }
  }
}
