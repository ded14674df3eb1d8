import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Schedule, Scope } from "effect"
import { spawnSync } from "node:child_process"
import { closeSync, existsSync, openSync, readSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const megabyte = 1024 * 1024
const payload = JSON.stringify("x".repeat(megabyte))

const write = (log: EventLog["Service"], megabytes: number) =>
  Effect.forEach(
    Array.from({ length: megabytes }, (_, index) => index),
    (index) => log.commit([{ stream: `stream-${index}`, expectedVersion: "any", events: [draft({ payload })] }]),
    { discard: true }
  )

const sizeOf = (file: string): number => statSync(file).size

/** The count in the header of the write-ahead log (https://sqlite.org/fileformat2.html#walformat). */
const timesBegun = (folder: string): number => {
  const file = openSync(join(folder, "strata.db-wal"), "r")
  const header = Buffer.alloc(16)
  readSync(file, header, 0, 16, 0)
  closeSync(file)
  return header.readUInt32BE(12)
}

/** Looks again until it is so; the test's own time limit ends it otherwise. */
const eventually = (holds: () => boolean) =>
  Effect.suspend(() => holds() ? Effect.void : Effect.fail("not yet")).pipe(Effect.retry(Schedule.spaced("10 millis")))

describe("SqliteCheckpoint", () => {
  it.live("moves what was written into the database file, beside the writer, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const file = join(folder, "strata.db")
      const scope = yield* Scope.make()
      const context = yield* Scope.provide(Layer.build(SqliteStore.layer({ folder, access: "write" })), scope)
      const log = Context.get(context, EventLog)
      const before = sizeOf(file)

      yield* write(log, 1)
      assert.strictEqual(sizeOf(file), before, "little was written: it may stay in the write-ahead log")

      yield* write(log, 34)
      yield* eventually(() => sizeOf(file) > 30 * megabyte)

      yield* Scope.close(scope, Exit.void)
      assert.isFalse(existsSync(`${file}-wal`))
      assert.isAbove(sizeOf(file), 35 * megabyte)
    }))

  it.live("lets the write-ahead log begin anew while something is written all the time", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const context = yield* Layer.build(SqliteStore.layer({ folder, access: "write" }))
      const log = Context.get(context, EventLog)
      yield* write(log, 34)
      const before = timesBegun(folder)
      // By itself SQLite would begin it anew where it has 128 MB: so much is not written here.
      let small = 0
      while (timesBegun(folder) === before && small++ < 2000) {
        yield* log.commit([{ stream: "small", expectedVersion: "any", events: [draft()] }])
        yield* Effect.sleep("5 millis")
      }
      assert.strictEqual(timesBegun(folder), before + 1)
      assert.lengthOf(yield* log.read({ after: 34, types: [draft().type], limit: 3000 }), small)
    }), 60_000)

  it.live("is waited for when the store is all that keeps the process, by who commits and by who closes it", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const program = `
        import { Effect } from "${import.meta.resolve("effect")}"
        import { EventLog } from "${import.meta.resolve("../../../src/events/log/EventLog.ts")}"
        import * as SqliteStore from "${import.meta.resolve("../../../src/events/sqlite/SqliteStore.ts")}"
        import { draft } from "${import.meta.resolve("../../support/EventDrafts.ts")}"
        const events = () => [draft({ payload: JSON.stringify("x".repeat(${megabyte})) })]
        const write = Effect.flatMap(EventLog, (log) => {
          const commit = (events) => log.commit([{ stream: "s", expectedVersion: "any", events }])
          const commits = (count, events, pause) =>
            Effect.forEach(Array.from({ length: count }), () => Effect.andThen(commit(events()), pause))
          const small = () => [draft()]
          return Effect.andThen(commits(34, events, Effect.void), commits(1000, small, Effect.sleep(1)))
        })
        const layer = SqliteStore.layer({ folder: ${JSON.stringify(folder)}, access: "write" })
        await Effect.runPromise(Effect.provide(write, layer))
        console.log("closed")`
      // From a file: a program that is given as text does not end while something is awaited.
      const file = join(folder, "program.mjs")
      writeFileSync(file, program)
      const { stderr, stdout } = spawnSync(process.execPath, [file], { encoding: "utf8" })
      assert.strictEqual(stdout, "closed\n", stderr)
      assert.isFalse(existsSync(join(folder, "strata.db-wal")))
    }))
})
