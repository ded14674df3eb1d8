/** Where the log stands for a group of appends: one round trip, which waits for the other writers first. */
import { Effect } from "effect"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Append } from "../log/EventLog.ts"
import { tenantOf } from "../log/EventLog.ts"
import type { Row as TableRow } from "../projections/Projection.ts"
import * as EventIds from "../types/EventIds.ts"
import * as Tenant from "../types/Tenant.ts"
import type { Standing, StoredPlace } from "./AppendPlan.ts"
import type { Queries, Row } from "./PostgresDatabase.ts"
import { idsIn } from "./PostgresFacts.ts"
import { attempt } from "./PostgresFailure.ts"
import { bigints, texts } from "./PostgresParameters.ts"
import type { RowKey, StoredRows } from "./PostgresProjections.ts"
import { toRow } from "./PostgresProjections.ts"

const types = ["text", "text", "text", "text", "text", "text", "text", "text", "bigint"]

const select = `SELECT * FROM standing(${types.map((type, index) => `$${index + 1}::${type}[]`).join(", ")})`

/** A projection's version, and the position up to which events are folded. */
export interface ProjectionStanding {
  readonly version: number
  readonly position: number
}

export interface GroupStanding extends Standing {
  /** Of the facts that were asked for as bases: those that still hold their bodies. */
  readonly bases: ReadonlySet<number>
  /** By name. */
  readonly projections: ReadonlyMap<string, ProjectionStanding>
  /** The rows that were asked for. */
  readonly rows: StoredRows
}

class Collected implements GroupStanding {
  head = 0
  readonly versions = new Map<string, number>()
  readonly stored = new Map<string, StoredPlace>()
  readonly bases = new Set<number>()
  readonly projections = new Map<string, ProjectionStanding>()
  readonly rows = new Map<string, Map<string, TableRow<unknown>>>()

  add(row: Row): void {
    const [name, stream, content] = [String(row["name"]), String(row["stream"]), String(row["content"])]
    const tenant = String(row["tenant"])
    const [version, position] = [Number(row["version"] ?? 0), Number(row["position"] ?? 0)]
    switch (row["kind"]) {
      case "head":
        this.head = position
        break
      case "stream":
        this.versions.set(Tenant.qualified(tenant, name), version)
        break
      case "event":
        this.stored.set(name, { tenant, stream, version, position })
        break
      case "fact":
        for (const [index, id] of idsIn(content).entries()) {
          this.stored.set(id, { tenant, stream, version: version + index, position: position + index })
        }
        break
      case "base":
        this.bases.add(position)
        break
      case "projection":
        this.projections.set(name, { version, position })
        break
      default: {
        const rows = this.rows.get(stream) ?? new Map<string, TableRow<unknown>>()
        const stored = toRow({ tenant, key: name, position, document: content })
        this.rows.set(stream, rows.set(Tenant.qualified(tenant, name), stored))
      }
    }
  }
}

/** `keys`: of the rows to be folded into, by their projection's name; `bases`: of facts that may be referred to. From here to the commit there is only this writer. */
export const lockAndRead = Effect.fnUntraced(function*(
  queries: Queries,
  group: ReadonlyArray<Append>,
  keys: ReadonlyMap<string, ReadonlyArray<RowKey>>,
  bases: ReadonlyArray<number>
) {
  const streams = new Map(group.map((append) => {
    const of = { tenant: tenantOf(append), stream: append.stream }
    return [Tenant.qualified(of.tenant, of.stream), of]
  }))
  const ids = new Set(group.flatMap(({ events }) => events.flatMap(FactEvents.idsOf)))
  const ofFacts = [...ids].filter((id) => FactEvents.mayHold({ id }))
  const wanted = [...keys].flatMap(([name, of]) => of.map((row) => ({ name, ...row })))
  const rows = yield* queries.query(select, [
    texts([...streams.values()].map(({ tenant }) => tenant)),
    texts([...streams.values()].map(({ stream }) => stream)),
    texts([...ids]),
    texts([...new Set(ofFacts.map(EventIds.commonOf))]),
    texts([...new Set(ofFacts.map(FactEvents.begunStream))]),
    texts(wanted.map(({ name }) => name)),
    texts(wanted.map(({ tenant }) => tenant)),
    texts(wanted.map(({ key }) => key)),
    bigints(bases)
  ])
  return yield* attempt("be written", () => {
    const standing = new Collected()
    for (const row of rows) standing.add(row)
    return standing
  })
})
