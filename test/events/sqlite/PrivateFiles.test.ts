/** The log is for the user who runs Strata alone, also one that an earlier version made. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const rights = (path: string): string => (statSync(path).mode & 0o777).toString(8)

/** Of the folder, and of each file in it. */
const rightsIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries([
    [".", rights(folder)],
    ...readdirSync(folder).sort().map((name) => [name, rights(join(folder, name))])
  ])

/** Opens the log, and gives the rights while it is open, with what was said. */
const used = (folder: string) =>
  Effect.gen(function*() {
    const said: Array<string> = []
    const logger = Logger.make(({ message }) => void said.push(String(message)))
    yield* Effect.provide(SqliteDatabase.open({ folder, access: "write" }), Logger.layer([logger]))
    return { said, found: rightsIn(folder) }
  }).pipe(Effect.scoped)

const loosen = (folder: string, folderMode: number, fileMode: number) => {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), fileMode)
  chmodSync(folder, folderMode)
}

const open = {
  "strata.db": "600",
  "strata.db-shm": "600",
  "strata.db-wal": "600",
  "strata.lock": "600",
  "strata.lock-journal": "600"
}

/** The umask of most machines: what is made is for everyone to read. */
const usual = Effect.acquireRelease(
  Effect.sync(() => process.umask(0o022)),
  (mask) => Effect.sync(() => void process.umask(mask))
)

describe.skipIf(process.platform === "win32")("the files of the log", () => {
  it.effect("are their owner's alone, in a folder that is too, and nothing is said of that", () =>
    Effect.gen(function*() {
      yield* usual
      const folder = join(yield* TemporaryFolder.make, "a", "data")
      assert.deepStrictEqual(yield* used(folder), { said: [], found: { ".": "700", ...open } })
      assert.strictEqual(rights(join(folder, "..")), "700")
    }))

  it.effect("are tightened where they were open, and that is said", () =>
    Effect.gen(function*() {
      yield* usual
      const folder = join(yield* TemporaryFolder.make, "data")
      yield* used(folder)
      loosen(folder, 0o755, 0o644)
      for (const name of ["strata.db-wal", "strata.db-shm"]) writeFileSync(join(folder, name), "", { mode: 0o644 })
      const { found, said } = yield* used(folder)
      assert.deepStrictEqual(found, { ".": "700", ...open })
      assert.deepStrictEqual(said, [
        `${folder} was open to others (755) and is now its owner's alone (700)`,
        ...["strata.db", "strata.db-shm", "strata.db-wal", "strata.lock"].map((name) =>
          `${join(folder, name)} was open to others (644) and is now its owner's alone (600)`
        )
      ])
      assert.deepStrictEqual((yield* used(folder)).said, [])
    }))

  it.effect("a folder that holds other things keeps its rights: the files in it do not", () =>
    Effect.gen(function*() {
      yield* usual
      const folder = join(yield* TemporaryFolder.make, "project")
      mkdirSync(folder, { mode: 0o755 })
      writeFileSync(join(folder, "strata.yaml"), "{}")
      assert.deepStrictEqual((yield* used(folder)).found, { ".": "755", ...open, "strata.yaml": "644" })
    }))

  it.effect("take away no more than others have", () =>
    Effect.gen(function*() {
      yield* usual
      const folder = join(yield* TemporaryFolder.make, "data")
      yield* used(folder)
      loosen(folder, 0o770, 0o660)
      assert.deepStrictEqual((yield* used(folder)).found, { ".": "700", ...open })
    }))
})
