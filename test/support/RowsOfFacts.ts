/** A log as earlier versions wrote it: each event of a fact becomes a row of its own, whose payload can be changed. */
import type { SQLInputValue } from "node:sqlite"
import { DatabaseSync } from "node:sqlite"
import * as FactEvents from "../../src/events/facts/FactEvents.ts"
import { FactShapes } from "../../src/events/sqlite/FactShapes.ts"
import { SqliteReader } from "../../src/events/sqlite/SqliteReader.ts"
import * as SqliteRows from "../../src/events/sqlite/SqliteRows.ts"

/** Opens the file of a server that is gone. */
export const open = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file)
  const reader = new SqliteReader(database, new FactShapes(database))
  const insert = database.prepare(SqliteRows.insert)
  const events = [...reader.facts({ after: 0 })].flatMap(({ fact, place }) => FactEvents.derive(fact, place))
  database.exec("BEGIN; DELETE FROM facts")
  for (const event of events) {
    const row = SqliteRows.toRow(event.position, event.stream, event.version, event, event.payload)
    insert.run(...row as Array<SQLInputValue>)
  }
  database.exec("COMMIT")
  return database
}
