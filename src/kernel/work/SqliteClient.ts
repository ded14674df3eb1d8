/** Effect's `SqlClient` over `node:sqlite`: for the database of durable work, which Effect's workflow engine writes. */
import { Effect, Layer, Semaphore, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlConnection } from "effect/sql"
import { SqlClient, SqlError, Statement } from "effect/sql"
import type { SQLInputValue, StatementSync } from "node:sqlite"
import { DatabaseSync } from "node:sqlite"

/** Statements that stay prepared. */
const maxPrepared = 200

/** A program that locks the file is waited for so long, milliseconds. */
const busyTimeout = 5000

const primaryKeyTaken = 1555
const uniqueTaken = 2067

const failedTo = (operation: string) => (cause: unknown) => {
  // The classification reads `errno`, where node:sqlite says `errcode`, and knows no violation of a primary key.
  if (typeof cause === "object" && cause !== null && "errcode" in cause) {
    Object.assign(cause, { errno: cause.errcode === primaryKeyTaken ? uniqueTaken : cause.errcode })
  }
  const reason = SqlError.classifySqliteError(cause, { message: `Failed to ${operation}`, operation })
  return new SqlError.SqlError({ reason })
}

type Mode = "rows" | "values" | "raw"

/** Statements as they were prepared, the least used first out. */
const preparing = (database: DatabaseSync) => {
  const prepared = new Map<string, StatementSync>()
  return (sql: string): StatementSync => {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.delete(sql)
    prepared.set(sql, statement)
    const [oldest] = prepared.keys()
    if (prepared.size > maxPrepared && oldest !== undefined) prepared.delete(oldest)
    return statement
  }
}

const connectionOf = (database: DatabaseSync): SqlConnection.Connection => {
  const prepare = preparing(database)
  const run = (statement: StatementSync, parameters: ReadonlyArray<unknown>, mode: Mode, bigInts: boolean): unknown => {
    statement.setReadBigInts(bigInts)
    statement.setReturnArrays(mode === "values")
    const values = parameters as ReadonlyArray<SQLInputValue>
    if (statement.columns().length > 0) return statement.all(...values)
    const changes = statement.run(...values)
    return mode === "raw" ? changes : []
  }
  const execute = <A>(sql: string, parameters: ReadonlyArray<unknown>, mode: Mode, keep = true) =>
    Effect.withFiber((fiber) =>
      Effect.try({
        try: () =>
          run(keep ? prepare(sql) : database.prepare(sql), parameters, mode, fiber.getRef(SqlClient.SafeIntegers)) as A,
        catch: failedTo("execute")
      })
    )
  type Rows = ReadonlyArray<Record<string, unknown>>
  type Values = ReadonlyArray<ReadonlyArray<unknown>>
  const transformed = (rows: Effect.Effect<Rows, SqlError.SqlError>, transform: ((rows: Rows) => Rows) | undefined) =>
    transform === undefined ? rows : Effect.map(rows, transform)
  return {
    execute: (sql, parameters, transform) =>
      transformed(execute<Rows>(sql, parameters, "rows"), transform as ((rows: Rows) => Rows) | undefined),
    executeRaw: (sql, parameters) => execute(sql, parameters, "raw"),
    executeValues: (sql, parameters) => execute<Values>(sql, parameters, "values"),
    executeValuesUnprepared: (sql, parameters) => execute<Values>(sql, parameters, "values", false),
    executeUnprepared: (sql, parameters, transform) =>
      transformed(execute<Rows>(sql, parameters, "rows", false), transform as ((rows: Rows) => Rows) | undefined),
    executeStream: (sql, parameters) =>
      Stream.suspend(() =>
        Stream.fromIteratorSucceed(database.prepare(sql).iterate(...parameters as ReadonlyArray<SQLInputValue>), 128)
      )
  }
}

const open = (file: string) =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        const database = new DatabaseSync(file)
        database.exec(`PRAGMA busy_timeout = ${busyTimeout}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`)
        return database
      },
      catch: failedTo("open")
    }),
    (database) => Effect.sync(() => database.close())
  )

const make = Effect.fn("SqliteClient.make")(function*(file: string) {
  const database = yield* open(file)
  const semaphore = yield* Semaphore.make(1)
  const connection = Effect.succeed(connectionOf(database))
  return yield* SqlClient.make({
    ...SqlClient.makeSqliteAcquirers({ connection, semaphore, isTransaction: () => database.isTransaction }),
    compiler: Statement.makeCompilerSqlite(),
    driver: "sqlite-node",
    beginTransaction: "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    prepareTransactionControls: true,
    spanAttributes: [["db.system.name", "sqlite"]]
  })
})

/** `file`: its path, or `:memory:`. */
export const layer = (file: string): Layer.Layer<SqlClient.SqlClient, SqlError.SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(file)).pipe(Layer.provide(Reactivity.layer))
