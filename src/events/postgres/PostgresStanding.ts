/** Where the log stands for a group of appends: one round trip, which waits for the other writers first. */
import { Effect } from "effect"
import * as FactEvents from "../facts/FactEvents.ts"
import type { Place } from "../facts/FactEvents.ts"
import type { Append } from "../log/EventLog.ts"
import type { Row as TableRow } from "../projections/Projection.ts"
import * as EventIds from "../types/EventIds.ts"
import type { Standing } from "./AppendPlan.ts"
import type { Queries, Row } from "./PostgresDatabase.ts"
import { idsIn } from "./PostgresFacts.ts"
import { attempt } from "./PostgresFailure.ts"
import { bigints, texts } from "./PostgresParameters.ts"
import type { StoredRows } from "./PostgresProjections.ts"
import { toRow } from "./PostgresProjections.ts"

const select =
  "SELECT * FROM standing($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])"

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
  readonly stored = new Map<string, Place>()
  readonly bases = new Set<number>()
  readonly projections = new Map<string, ProjectionStanding>()
  readonly rows = new Map<string, Map<string, TableRow<unknown>>>()

  add(row: Row): void {
    const [name, stream, content] = [String(row["name"]), String(row["stream"]), String(row["content"])]
    const [version, position] = [Number(row["version"] ?? 0), Number(row["position"] ?? 0)]
    switch (row["kind"]) {
      case "head":
        this.head = position
        break
      case "stream":
        this.versions.set(name, version)
        break
      case "event":
        this.stored.set(name, { stream, version, position })
        break
      case "fact":
        for (const [index, id] of idsIn(content).entries()) {
          this.stored.set(id, { stream, version: version + index, position: position + index })
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
        this.rows.set(stream, rows.set(name, toRow({ key: name, position, document: content })))
      }
    }
  }
}

/** `keys`: of the rows to be folded into, by their projection's name; `bases`: of facts that may be referred to. From here to the commit there is only this writer. */
export const lockAndRead = Effect.fnUntraced(function*(
  queries: Queries,
  group: ReadonlyArray<Append>,
  keys: ReadonlyMap<string, ReadonlySet<string>>,
  bases: ReadonlyArray<number>
) {
  const streams = new Set(group.map(({ stream }) => stream))
  const ids = new Set(group.flatMap(({ events }) => events.flatMap(FactEvents.idsOf)))
  const ofFacts = [...ids].filter((id) => FactEvents.mayHold({ id }))
  const wanted = [...keys].flatMap(([name, of]) => [...of].map((key) => [name, key] as const))
  const rows = yield* queries.query(select, [
    texts([...streams]),
    texts([...ids]),
    texts([...new Set(ofFacts.map(EventIds.commonOf))]),
    texts([...new Set(ofFacts.map(FactEvents.begunStream))]),
    texts(wanted.map(([name]) => name)),
    texts(wanted.map(([, key]) => key)),
    bigints(bases)
  ])
  return yield* attempt("be written", () => {
    const standing = new Collected()
    for (const row of rows) standing.add(row)
    return standing
  })
})
