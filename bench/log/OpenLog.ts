/** Logs under test: the whole store behind the hub, and the same file bare, through `node:sqlite` alone. */
// @effect-diagnostics *:off
import { Effect, Exit, Layer, Logger, ManagedRuntime, Scope } from "effect"
import type { DatabaseSync } from "node:sqlite"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { EventLog } from "../../src/events/log/EventLog.ts"
import type { LogAdapter } from "../../src/events/log/LogAdapter.ts"
import * as PostgresStore from "../../src/events/postgres/PostgresStore.ts"
import * as SqliteDatabase from "../../src/events/sqlite/SqliteDatabase.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"

/** Counts the groups that are committed. */
export class Commits {
  groups = 0
}

const counting = (commits: Commits) =>
  Layer.effect(
    EventLog,
    Effect.map(EventLog, (log) =>
      EventLog.of({
        ...log,
        commit: (group) => {
          commits.groups += 1
          return log.commit(group)
        }
      }))
  )

const opened = <E>(store: Layer.Layer<LogAdapter, E>, commits: Commits) => {
  const log = counting(commits).pipe(Layer.provideMerge(store))
  return ManagedRuntime.make(
    EventHub.layer().pipe(Layer.provideMerge(log), Layer.provide(Logger.layer([])))
  )
}

export const openLog = (options: SqliteStore.Options, commits = new Commits()) =>
  opened(SqliteStore.layer(options), commits)

export const openPostgresLog = (options: PostgresStore.Options, commits = new Commits()) =>
  opened(PostgresStore.layer(options), commits)

export type OpenLog = ReturnType<typeof openLog>

export interface BareDatabase {
  readonly database: DatabaseSync
  readonly close: () => Promise<void>
}

/** The same schema, the same indexes, the same pragmas. */
export const openBare = async (options: SqliteDatabase.Options): Promise<BareDatabase> => {
  const scope = Effect.runSync(Scope.make())
  const database = await Effect.runPromise(Scope.provide(SqliteDatabase.open(options), scope))
  return { database, close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}
