/** What the tables and indexes of a log take, each by its name. */
// @effect-diagnostics *:off
import { DatabaseSync } from "node:sqlite"
import * as SqliteDatabase from "../../src/events/sqlite/SqliteDatabase.ts"
import { runSql } from "../crash/PostgresServer.ts"

/** Bytes by table or index. */
export type StoredBytes = ReadonlyMap<string, number>

/** Whole pages, as they stand in the file. */
export const inSqlite = (folder: string): StoredBytes => {
  const database = new DatabaseSync(SqliteDatabase.fileOf(folder), { readOnly: true })
  const rows = database.prepare("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name").all()
  database.close()
  return new Map(rows.map(({ bytes, name }) => [String(name), Number(bytes)]))
}

/** After a vacuum; what a table has out of line stands under its own name. */
export const inPostgres = async (url: string, schema: string): Promise<StoredBytes> => {
  const named = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${schema}'`
  for (const { relname } of await runSql(url, `SELECT c.relname ${named} AND c.relkind = 'r'`)) {
    await runSql(url, `VACUUM ${schema}.${String(relname)}`)
  }
  const rows = await runSql(
    url,
    `SELECT c.relname AS name, pg_relation_size(c.oid)::float8 AS bytes ${named} AND c.relkind IN ('r', 'i')
     UNION ALL SELECT c.relname || ' (out of line)', pg_total_relation_size(c.reltoastrelid)::float8 ${named} AND c.reltoastrelid <> 0`
  )
  return new Map(rows.map(({ bytes, name }) => [String(name), Number(bytes)]))
}

/** What was added, the most first; what was not is not named. */
export const added = (before: StoredBytes, after: StoredBytes): ReadonlyArray<readonly [string, number]> =>
  [...after].map(([name, bytes]) => [name, bytes - (before.get(name) ?? 0)] as const).filter(([, bytes]) => bytes > 0)
    .sort(([, one], [, other]) => other - one)

export const sumOf = (bytes: Iterable<readonly [string, number]>): number => {
  let sum = 0
  for (const [, each] of bytes) sum += each
  return sum
}
