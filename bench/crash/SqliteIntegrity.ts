/** What SQLite itself says of the file, and whether the sizes it keeps count are true. */
// @effect-diagnostics *:off
import * as path from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as FactPruning from "../../src/events/facts/FactPruning.ts"
import { FactShapes } from "../../src/events/sqlite/FactShapes.ts"
import { SqliteReader } from "../../src/events/sqlite/SqliteReader.ts"

const ofEvents =
  "SELECT coalesce(sum(octet_length(payload) + coalesce(length(compressed), 0)), 0) AS bytes FROM events WHERE level = ?"

export const checkSqliteFile = (folder: string): void => {
  const database = new DatabaseSync(path.join(folder, "strata.db"), { readOnly: true })
  try {
    const integrity = database.prepare("PRAGMA integrity_check").all().map((row) => String(row["integrity_check"]))
    if (integrity.join() !== "ok") throw new Error(`PRAGMA integrity_check: ${integrity.slice(0, 10).join("; ")}`)
    const kept = database.prepare("SELECT debug_bytes AS debug, raw_bytes AS raw FROM log_state").get()
    const bytes = { debug: 0, raw: 0 }
    for (const { fact } of new SqliteReader(database, new FactShapes(database)).facts({ after: 0 })) {
      if (fact.isAltered) throw new Error(`the fact of request ${fact.requestId} is not what was stored`)
      const { debug, raw } = FactPruning.charactersOf(fact)
      bytes.debug += debug
      bytes.raw += raw
    }
    for (const level of ["debug", "raw"] as const) {
      const there = bytes[level] + Number(database.prepare(ofEvents).get(level)?.["bytes"])
      if (kept?.[level] !== there) {
        throw new Error(`log_state counts ${kept?.[level]} bytes of ${level} payloads, there are ${there}`)
      }
    }
  } finally {
    database.close()
  }
}
