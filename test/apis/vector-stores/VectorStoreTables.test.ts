/** A page of ten thousand files reads its own rows alone, whichever of them are asked for. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import type { AttachedFile, WantedFiles } from "../../../src/apis/vector-stores/VectorStoreTables.ts"
import { columnsOf, FilesTable } from "../../../src/apis/vector-stores/VectorStoreTables.ts"
import { PostgresProjectionTable } from "../../../src/events/postgres/PostgresProjections.ts"
import type { Row } from "../../../src/events/projections/Projection.ts"
import type { Change } from "../../../src/events/projections/ProjectionFold.ts"
import { SqliteProjectionTable } from "../../../src/events/sqlite/SqliteProjections.ts"
import * as Postgres from "../../support/Postgres.ts"

const many = 10_000
const limit = 21

/** Of two stores, in turns; one in a thousand failed, one in ten is of the batch. */
const rowAt = (position: number): Row<AttachedFile> => ({
  position,
  tenant: "",
  key: `vsfile_${position}`,
  document: {
    attachment: `vsfile_${position}`,
    vector_store_id: `vs_${position % 2}`,
    batch_id: position % 10 === 1 ? "vsfb_1" : null,
    file_id: `file-${position}`,
    filename: "a.txt",
    attributes: {},
    chunking_strategy: { type: "auto" },
    created_at: 1,
    status: position % 1000 === 1 ? "failed" : "completed",
    usage_bytes: 1,
    chunk_count: 1,
    last_error: null
  }
})

const rows = Array.from({ length: many }, (_, at) => rowAt(at + 1))

const questions: ReadonlyArray<readonly [wanted: WantedFiles, index: string, first: string]> = [
  [{ store: "vs_1" }, "store", "vsfile_9999"],
  [{ store: "vs_1", status: "failed" }, "store_status", "vsfile_9001"],
  [{ batch: "vsfb_1" }, "batch", "vsfile_9991"],
  [{ batch: "vsfb_1", status: "failed" }, "batch_status", "vsfile_9001"],
  [{ store: "vs_1", file: "file-501" }, "file", "vsfile_501"]
]

/** A step of PostgreSQL's plan, and what came of it. */
interface Plan {
  readonly "Actual Rows": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Plan>
}

const scansIn = (plan: Plan): ReadonlyArray<Plan> => plan.Plans === undefined ? [plan] : plan.Plans.flatMap(scansIn)

describe("the table of files in vector stores", () => {
  it("in SQLite is searched by an index that has the rows of each page one behind the other", () => {
    const database = new DatabaseSync(":memory:")
    const asked: Array<string> = []
    const prepare = database.prepare.bind(database)
    database.prepare = (sql) => {
      asked.push(sql)
      return prepare(sql)
    }
    const table = new SqliteProjectionTable(database, FilesTable)
    table.create()
    table.createIndexes()
    database.exec("BEGIN")
    for (const row of rows) table.put(row, true)
    database.exec("COMMIT")
    for (const [wanted, index, first] of questions) {
      const page = table.list({ tenant: "", limit, order: "descending", before: many, where: columnsOf(wanted) })
      assert.strictEqual(page[0]?.key, first)
      const plan = prepare(`EXPLAIN QUERY PLAN ${asked.at(-1)!.replace(/\?\d+/g, "'1'")}`).all()
      const [{ detail } = {}] = plan
      assert.lengthOf(plan, 1, JSON.stringify(plan))
      assert.include(String(detail), `USING INDEX by_vector_store_files_ix_${index} (tenant=? AND ix_${index}=?`)
    }
  })

  it.live.skipIf(Postgres.unsupported !== undefined)(
    "in PostgreSQL gives a page without looking at other rows",
    () =>
      Effect.gen(function*() {
        const schema = yield* Postgres.schema
        yield* Postgres.run("public", `CREATE SCHEMA ${schema}`)
        const connection = yield* Postgres.connect(schema)
        const ask = (sql: string, parameters: ReadonlyArray<unknown> = []) =>
          Effect.orDie(Effect.map(connection.query(sql, parameters), (answer) => answer.rows))
        const table = new PostgresProjectionTable(FilesTable)
        for (const statement of table.create) yield* ask(statement)
        for (let at = 0; at < many; at += 1000) {
          const parameters: Array<unknown> = []
          const changes = rows.slice(at, at + 1000).map((row): Change => ({
            projection: FilesTable,
            tenant: "",
            key: row.key,
            row,
            isNew: true
          }))
          const [insert = ""] = table.write(changes, (parameter) => `$${parameters.push(parameter)}`)
          yield* ask(insert, parameters)
        }
        for (const statement of table.createIndexes) yield* ask(statement)
        yield* ask(`ANALYZE ${table.name}`)
        for (const [wanted, index] of questions) {
          const where = columnsOf(wanted)
          const { parameters, sql } = table.list({ tenant: "", limit, order: "descending", before: many, where })
          const [row] = yield* ask(`EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF, SUMMARY OFF) ${sql}`, parameters)
          const [{ Plan: plan }] = Object.values(row as object)[0] as [{ Plan: Plan }]
          const scans = scansIn(plan)
          const removed = scans.reduce((sum, scan) => sum + (scan["Rows Removed by Filter"] ?? 0), 0)
          assert.strictEqual(removed, 0, `${index}: ${JSON.stringify(plan)}`)
          for (const scan of scans) assert.isAtMost(scan["Actual Rows"], limit, JSON.stringify(plan))
        }
      }).pipe(Effect.scoped)
  )
})
