/** Facts of every format there was: the events that they stand for never change, not by a byte. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { gunzipSync, gzipSync } from "node:zlib"
import { inject } from "vitest"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { toJsonText } from "../../../src/events/types/Envelope.ts"
import * as FactSample from "../../support/FactSample.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const fileOf = (name: string) => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url))

/** The events of a log, a line each. */
const linesOf = (folder: string) =>
  Effect.gen(function*() {
    const store = yield* Layer.build(SqliteStore.layer({ folder, access: "read" }))
    const events = yield* Context.get(store, EventLog).read({ after: 0, limit: 1_000_000 })
    return events.map((event) => `${toJsonText(event)}\n`).join("")
  }).pipe(Effect.scoped)

const unpacked = (format: number) =>
  Effect.tap(
    TemporaryFolder.make,
    (folder) =>
      Effect.sync(() =>
        writeFileSync(join(folder, "strata.db"), gunzipSync(readFileSync(fileOf(`facts-${format}.db.gz`))))
      )
  )

const formats = [1]

describe("facts of format", () => {
  for (const format of formats) {
    // `npm run samples` makes what is missing; what is there is never made again.
    it.live.runIf(inject("storeEventSamples") && !existsSync(fileOf(`facts-${format}.db.gz`)))(
      `${format} are made`,
      () =>
        Effect.gen(function*() {
          const folder = yield* TemporaryFolder.make
          yield* FactSample.make(folder)
          writeFileSync(fileOf(`facts-${format}.db.gz`), gzipSync(readFileSync(FactSample.pack(folder)), { level: 9 }))
          writeFileSync(
            fileOf(`facts-${format}.jsonl.gz`),
            gzipSync(yield* linesOf(yield* unpacked(format)), { level: 9 })
          )
        }).pipe(Effect.scoped)
    )

    it.live(`${format} stand for the same events as on the day they were stored`, () =>
      Effect.gen(function*() {
        const lines = gunzipSync(readFileSync(fileOf(`facts-${format}.jsonl.gz`))).toString()
        assert.strictEqual(yield* linesOf(yield* unpacked(format)), lines)
      }).pipe(Effect.scoped))

    it.live(`${format} are all of that format, and most of the log`, () =>
      Effect.gen(function*() {
        const folder = yield* unpacked(format)
        const database = new DatabaseSync(join(folder, "strata.db"))
        const [facts] = database.prepare("SELECT count(*) AS n, sum(count) AS events FROM facts").all()
        const [other] = database.prepare("SELECT count(*) AS n FROM facts WHERE substr(fact, 1, 1) <> ?")
          .all(Buffer.from([format]))
        database.close()
        assert.isAbove(Number(facts?.["events"]), 200)
        assert.strictEqual(other?.["n"], 0)
      }).pipe(Effect.scoped))
  }
})
