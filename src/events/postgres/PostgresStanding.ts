/** Where the log stands for a group of appends: one question, which waits for the other writers first. */
import * as FactEvents from "../facts/FactEvents.ts"
import type { Append } from "../log/EventLog.ts"
import { tenantOf } from "../log/EventLog.ts"
import * as EventIds from "../types/EventIds.ts"
import * as Tenant from "../types/Tenant.ts"
import type { Standing, StoredPlace } from "./AppendPlan.ts"
import type { Row, Statement } from "./PostgresDatabase.ts"
import * as PostgresIdRanges from "./PostgresIdRanges.ts"
import * as PostgresIds from "./PostgresIds.ts"
import { bigints, binaries, texts } from "./PostgresParameters.ts"

const types = ["text", "text", "bytea", "bytea", "text", "bigint"]

const sql = `SELECT * FROM standing(${types.map((type, index) => `$${index + 1}::${type}[]`).join(", ")})`

export interface GroupStanding extends Standing {
  /** Of the facts that were asked for as bases: those that still hold their bodies. */
  readonly bases: ReadonlySet<number>
}

class Collected implements GroupStanding {
  head = 0
  readonly versions = new Map<string, number>()
  readonly stored = new Map<string, StoredPlace>()
  readonly bases = new Set<number>()

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
        this.stored.set(PostgresIds.ofBytes(row["id"] as Uint8Array), { tenant, stream, version, position })
        break
      case "fact":
        for (
          const [index, id] of PostgresIdRanges.idsIn(content, PostgresIds.ofBytes(row["id"] as Uint8Array)).entries()
        ) {
          this.stored.set(id, { tenant, stream, version: version + index, position: position + index })
        }
        break
      case "base":
        this.bases.add(position)
        break
    }
  }
}

/** The question, which locks the log; `bases`: of facts that may be referred to. From here to the commit there is only this writer. */
export const statement = (group: ReadonlyArray<Append>, bases: ReadonlyArray<number>): Statement => {
  const streams = new Map(group.map((append) => {
    const of = { tenant: tenantOf(append), stream: append.stream }
    return [Tenant.qualified(of.tenant, of.stream), of]
  }))
  const ids = new Set(group.flatMap(({ events }) => events.flatMap(FactEvents.idsOf)))
  const ofFacts = [...ids].filter((id) => FactEvents.mayHold({ id }))
  return {
    sql,
    parameters: [
      texts([...streams.values()].map(({ tenant }) => tenant)),
      texts([...streams.values()].map(({ stream }) => stream)),
      binaries([...ids].map(PostgresIds.toBytes)),
      binaries([...new Set(ofFacts.map(EventIds.commonOf))].map(PostgresIds.prefixOf)),
      texts([...new Set(ofFacts.map(FactEvents.begunStream))]),
      bigints(bases)
    ]
  }
}

export const ofRows = (rows: ReadonlyArray<Row>): GroupStanding => {
  const standing = new Collected()
  for (const row of rows) standing.add(row)
  return standing
}
