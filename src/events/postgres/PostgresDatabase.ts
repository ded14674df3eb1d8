/** Connections to the PostgreSQL database that holds the log: a pool, transactions, and one that listens. */
import * as PgConnection from "@effect/sql-pg/PgConnection"
import * as PgPool from "@effect/sql-pg/PgPool"
import { Clock, Effect } from "effect"
import type { Queue, Redacted, Scope } from "effect"
import { SqlError, StatementTimeoutError } from "effect/sql/SqlError"
import { EventLogOpenFailed } from "../log/EventLog.ts"
import type { Durability } from "../log/LogAdapter.ts"
import { openFailed } from "./PostgresFailure.ts"
import { currentVersion, migrate, versionOf } from "./PostgresSchema.ts"
import { namesItself, placeOf } from "./PostgresUrl.ts"

export interface Options {
  /**
   * `postgres://user:password@host:5432/database`, as libpq reads it: `sslmode=require` encrypts, `connect_timeout` is in
   * seconds, by default 5.
   */
  readonly url: Redacted.Redacted
  /** The schema that holds the tables; made when it is missing. Default `strata`. */
  readonly schema?: string | undefined
  /** `write`: appends, beside any number of other processes that do. `read`: changes nothing. */
  readonly access: "write" | "read"
  /**
   * What an acknowledged commit survives. `normal` (default): the end of this process, however it comes; a crash of
   * PostgreSQL or its machine may take the last commits, of less than a second, with it, and leaves the rest whole
   * (`synchronous_commit = off`). `full`: a crash of PostgreSQL and a power loss too, for a wait on the disk in each
   * commit.
   */
  readonly durability?: Durability | undefined
  /** Connections at most, beside the one that listens; default 10, at least 3: one appends, one folds. */
  readonly poolSize?: number | undefined
}

export type Row = PgConnection.Row

export interface Statement {
  readonly sql: string
  readonly parameters?: ReadonlyArray<unknown> | undefined
}

/** How a brief transaction ends: with a last statement, where there is one, and its result. */
export interface Ending<A> {
  readonly last?: Statement | undefined
  readonly result: A
}

/**
 * Two round trips, and one for each query between: it begins with `first`, and its last statement is sent with the
 * commit. `session` is another where the connection is: what was committed on the one before may be lost.
 */
export interface BriefTransaction {
  <A, E>(
    first: Statement,
    use: (rows: ReadonlyArray<Row>, queries: Queries, session: object) => Effect.Effect<Ending<A>, E | SqlError>
  ): Effect.Effect<A, E | SqlError>
}

/** Runs statements: the pool, or a connection within a transaction. */
export interface Queries {
  query(sql: string, parameters?: ReadonlyArray<unknown>): Effect.Effect<ReadonlyArray<Row>, SqlError>
}

export interface Database extends Queries {
  readonly schema: string
  readonly access: "write" | "read"
  /** All of it or nothing. `snapshot`: every statement sees the same. */
  transaction<A, E>(
    use: (queries: Queries) => Effect.Effect<A, E | SqlError>,
    isolation?: "each statement" | "snapshot"
  ): Effect.Effect<A, E | SqlError>
  /** For who appends, one transaction at a time. */
  readonly append: BriefTransaction
  /** For who folds, one transaction at a time. */
  readonly fold: BriefTransaction
  /** What is told on the log's channel, on a connection of its own. */
  readonly listen: Effect.Effect<Queue.Dequeue<PgConnection.Notification, SqlError>, SqlError, Scope.Scope>
}

/** Longest statement, milliseconds: it waits for the other writers too. */
const statementTimeout = 30_000
/** A server that does not answer at all, not even with the timeout, is given up after so long. */
const answerTimeout = statementTimeout + 5000
/** A process that is stopped in mid-transaction holds the others up so long, milliseconds. */
const idleTimeout = 10_000
/** The largest value PostgreSQL holds: a payload comes in one message. */
const maxMessageSize = 1024 ** 3

const validSchema = /^[a-z_][a-z0-9_]{0,49}$/

/** `NOTIFY` on it tells the new head. */
export const channelOf = (schema: string) => `${schema}_events`

const settings = ({ access, durability = "normal", poolSize = 10, url }: Options, schema: string) => ({
  url,
  ...namesItself(url) ? {} : { applicationName: "strata" },
  keepAlive: "15 seconds" as const,
  maxConnections: poolSize,
  maxMessageSize,
  startupParameters: {
    search_path: schema,
    statement_timeout: String(statementTimeout),
    idle_in_transaction_session_timeout: String(idleTimeout),
    synchronous_commit: durability === "full" ? "on" : "off",
    default_transaction_read_only: access === "read" ? "on" : "off",
    client_min_messages: "warning",
    // Every query has its index: one plan serves all values, and no plan made while the table was small scans it later.
    plan_cache_mode: "force_generic_plan",
    enable_seqscan: "off",
    jit: "off"
  }
})

const noAnswer = new SqlError({
  reason: new StatementTimeoutError({
    cause: new Error(`no answer within ${answerTimeout / 1000} seconds`),
    message: "no answer",
    operation: "query"
  })
})

/** In real time, also under a test's clock: the server knows no other. */
const bounded = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E | SqlError> =>
  effect.pipe(
    Effect.timeoutOrElse({ duration: answerTimeout, orElse: () => Effect.fail(noAnswer) }),
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())
  )

const queriesOf = (connection: PgConnection.PgConnection): Queries => ({
  query: (sql, parameters) => bounded(Effect.map(connection.query(sql, parameters), ({ rows }) => rows))
})

/** One for the writer, one for who folds. */
const briefConnections = 2

/** Each cycle of the protocol is answered by itself: what is sent together takes one round trip. */
const together = (connection: PgConnection.PgConnection, statements: ReadonlyArray<Statement>) =>
  bounded(Effect.forEach(
    statements,
    ({ parameters, sql }) => Effect.map(connection.query(sql, parameters), ({ rows }) => rows),
    { concurrency: "unbounded" }
  ))

const begin = {
  "each statement": "BEGIN ISOLATION LEVEL READ COMMITTED",
  snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ"
}

/** On one connection, which stays open while nothing happens. */
const briefTransactions = Effect.fnUntraced(function*(config: ReturnType<typeof settings>) {
  const pool = yield* PgPool.make({
    ...config,
    maxConnections: 1,
    multiplex: true,
    multiplexConcurrency: 1,
    idleTimeout: "1 hour"
  })
  const transaction: BriefTransaction = (first, use) =>
    Effect.scoped(Effect.flatMap(pool.get, (connection) => {
      const queries = queriesOf(connection)
      return together(connection, [{ sql: begin["each statement"] }, first]).pipe(
        Effect.flatMap(([, rows]) => use(rows!, queries, connection)),
        Effect.flatMap(({ last, result }) =>
          Effect.as(together(connection, [...last === undefined ? [] : [last], { sql: "COMMIT" }]), result)
        ),
        Effect.onError(() => Effect.catch(queries.query("ROLLBACK"), () => pool.invalidate(connection)))
      )
    }))
  return transaction
})

const connect = Effect.fnUntraced(function*(options: Options, schema: string) {
  const config = settings(options, schema)
  const maxConnections = Math.max(1, config.maxConnections - briefConnections)
  const pool = yield* PgPool.make({ ...config, maxConnections })
  const [append, fold] = [yield* briefTransactions(config), yield* briefTransactions(config)]

  const transaction: Database["transaction"] = (use, isolation = "each statement") =>
    Effect.scoped(Effect.flatMap(pool.reserve, (connection) => {
      const queries = queriesOf(connection)
      return queries.query(begin[isolation]).pipe(
        Effect.andThen(use(queries)),
        Effect.tap(queries.query("COMMIT")),
        Effect.onError(() => Effect.catch(queries.query("ROLLBACK"), () => pool.invalidate(connection)))
      )
    }))

  const database: Database = {
    schema,
    access: options.access,
    query: (sql, parameters) =>
      bounded(pool.use((connection) => Effect.map(connection.query(sql, parameters), ({ rows }) => rows))),
    transaction,
    append,
    fold,
    listen: Effect.flatMap(PgConnection.make(config), (connection) => connection.listen(channelOf(schema)))
  }
  return database
})

export const open = Effect.fn("PostgresDatabase.open")(
  function*(options: Options): Effect.fn.Return<Database, EventLogOpenFailed, Scope.Scope> {
    const { access, schema = "strata", url } = options
    const failed = (message: string) => new EventLogOpenFailed({ message })
    const place = placeOf(url)
    if (place === undefined) {
      return yield* failed(
        "storage.url is not a PostgreSQL URL. Write it as postgres://user:password@host:5432/database"
      )
    }
    if (!validSchema.test(schema)) {
      return yield* failed(`storage.schema is "${schema}". Use up to 50 lower-case letters, digits and underscores`)
    }
    const refused = openFailed(place, schema)
    const database = yield* Effect.mapError(connect(options, schema), refused)
    if (access === "write") yield* Effect.mapError(migrate(database), refused)
    const version = yield* Effect.mapError(versionOf(database, schema), refused)
    if (version > currentVersion) {
      return yield* failed(
        `The schema ${schema} at ${place} was written by a newer Strata. Update Strata, or name another: storage.schema`
      )
    }
    if (version === 0) {
      return yield* failed(
        `The schema ${schema} at ${place} holds no event log yet. Start the server once, or name another: storage.schema`
      )
    }
    if (version < currentVersion) {
      return yield* failed(
        `The schema ${schema} at ${place} was written by an older Strata. Start the server once, which brings it up to date`
      )
    }
    return database
  }
)
