/** What SQLite itself says of the file, and whether the sizes it keeps count are true. */
// @effect-diagnostics *:off
import * as path from "node:path"
import { DatabaseSync } from "node:sqlite"

export const checkSqliteFile = (folder: string): void => {
  const database = new DatabaseSync(path.join(folder, "strata.db"), { readOnly: true })
  try {
    const integrity = database.prepare("PRAGMA integrity_check").all().map((row) => String(row["integrity_check"]))
    if (integrity.join() !== "ok") throw new Error(`PRAGMA integrity_check: ${integrity.slice(0, 10).join("; ")}`)
    const kept = database.prepare("SELECT debug_bytes AS debug, raw_bytes AS raw FROM log_state").get()
    for (const level of ["debug", "raw"]) {
      const row = database.prepare(
        "SELECT coalesce(sum(octet_length(payload) + coalesce(length(compressed), 0)), 0) AS bytes FROM events WHERE level = ?"
      ).get(level)
      if (kept?.[level] !== row?.["bytes"]) {
        throw new Error(`log_state counts ${kept?.[level]} bytes of ${level} payloads, there are ${row?.["bytes"]}`)
      }
    }
  } finally {
    database.close()
  }
}
