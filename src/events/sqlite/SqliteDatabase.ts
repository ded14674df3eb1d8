/** Opens the SQLite file of a data folder: one writer at a time, WAL, schema brought up to date. */
import { Effect, Predicate } from "effect"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { EventLogOpenFailed } from "../log/EventLog.ts"
import type { Durability } from "../log/LogAdapter.ts"
import * as PrivateFiles from "./PrivateFiles.ts"
import { currentVersion, migrate, readableVersion, showTenants, versionOf } from "./SqliteSchema.ts"

export interface Options {
  /** The data folder; made when it is missing. */
  readonly folder: string
  /** `write`: the one process that appends. `read`: any number of others beside it. */
  readonly access: "write" | "read"
  /**
   * What an acknowledged commit survives. `normal` (default): a crash of the process. `full`: a power loss too, for a
   * wait on the disk in each commit.
   */
  readonly durability?: Durability | undefined
}

const reasonOf = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)

const failed = (message: string) => new EventLogOpenFailed({ message })

const lockOf = (folder: string) => join(folder, "strata.lock")

const prepare = (folder: string) =>
  Effect.andThen(
    Effect.try({
      try: () => {
        PrivateFiles.makeFolder(folder)
        PrivateFiles.makeFile(lockOf(folder))
        PrivateFiles.makeFile(fileOf(folder))
      },
      catch: (cause) => notWritable(folder, cause)
    }),
    PrivateFiles.tighten(folder)
  )

const notWritable = (folder: string, cause: unknown) =>
  failed(`The data folder ${folder} can't be written (${reasonOf(cause)}). Make it writable, or name another: --data`)

const sqliteBusy = 5

/**
 * Holds an exclusive SQLite transaction on a file of its own: the system frees it when the process ends, however it
 * ends, so that a `kill -9` leaves no stale lock behind.
 */
const acquireLock = (folder: string) =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        const lock = new DatabaseSync(lockOf(folder))
        lock.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")
        return lock
      },
      catch: (cause) =>
        Predicate.hasProperty(cause, "errcode") && cause.errcode === sqliteBusy
          ? failed(`Another Strata server uses the data folder ${folder}. Stop it, or name another: --data`)
          : notWritable(folder, cause)
    }),
    (lock) => Effect.sync(() => lock.close())
  )

export const fileOf = (folder: string) => join(folder, "strata.db")

/** A program that locks the file is waited for so long, milliseconds: requests wait too. */
const busyTimeout = 500

/** The checkpoint thread is ahead of the writer's own checkpoints, which stall requests: these are for when it is gone. */
const settings = (durability: Durability) =>
  [
    `busy_timeout = ${busyTimeout}`,
    "page_size = 8192",
    "journal_mode = WAL",
    `synchronous = ${durability}`,
    "cache_size = -16384",
    "wal_autocheckpoint = 16000"
  ].map((setting) => `PRAGMA ${setting};`).join(" ")

const openFile = ({ access, durability = "normal", folder }: Options) => {
  const file = fileOf(folder)
  return Effect.acquireRelease(
    Effect.try({
      try: () => {
        const database = new DatabaseSync(file)
        database.exec(settings(durability))
        if (access === "write") migrate(database)
        else {
          showTenants(database)
          database.exec("PRAGMA query_only = ON")
        }
        return database
      },
      catch: (cause) =>
        failed(`The event log ${file} can't be opened (${reasonOf(cause)}). Restore it, or name another folder: --data`)
    }),
    (database) => Effect.sync(() => database.close())
  )
}

const empty = (folder: string) =>
  failed(`${folder} holds no event log yet. Start the server once, or name another: --data`)

export const open = Effect.fn("SqliteDatabase.open")(function*(options: Options) {
  const { access, folder } = options
  if (access === "write") {
    yield* prepare(folder)
    yield* acquireLock(folder)
  } else if (!existsSync(fileOf(folder))) return yield* empty(folder)
  const database = yield* openFile(options)
  const version = versionOf(database)
  if (version === 0) return yield* empty(folder)
  if (version > currentVersion) {
    return yield* failed(`${folder} was written by a newer Strata. Update Strata, or name another: --data`)
  }
  if (version < (access === "read" ? readableVersion : currentVersion)) {
    return yield* failed(`${folder} was written by an older Strata. Start the server once, which brings it up to date`)
  }
  return database
})
