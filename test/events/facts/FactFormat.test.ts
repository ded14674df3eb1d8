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
import * as ConversationSample from "../../support/ConversationSample.ts"
import * as FactSample from "../../support/FactSample.ts"
import * as PassageSample from "../../support/PassageSample.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const fileOf = (name: string) => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url))

/** The samples are older than tenants: all that the default one's events say of theirs is left out. */
const ofNoTenant = ",\"tenant\":null"

/** The events of a log, a line each. */
const linesOf = (folder: string) =>
  Effect.gen(function*() {
    const store = yield* Layer.build(SqliteStore.layer({ folder, access: "read" }))
    const events = yield* Context.get(store, EventLog).read({ after: 0, limit: 1_000_000 })
    return events.map((event) => `${toJsonText(event).replace(ofNoTenant, "")}\n`).join("")
  }).pipe(Effect.scoped)

const unpacked = (format: number) =>
  Effect.tap(
    TemporaryFolder.make,
    (folder) =>
      Effect.sync(() =>
        writeFileSync(join(folder, "strata.db"), gunzipSync(readFileSync(fileOf(`facts-${format}.db.gz`))))
      )
  )

/** `least`: so many of its facts are of the format at least. `newest`: of the Strata that wrote the sample. */
const formats = [
  { format: 1, newest: 1, make: FactSample.make, least: 60 },
  { format: 2, newest: 2, make: ConversationSample.make, least: 150 },
  { format: 3, newest: 3, make: PassageSample.make, least: 150 },
  { format: 4, newest: 6, make: FactSample.make, least: 60 },
  { format: 5, newest: 6, make: ConversationSample.make, least: 150 },
  { format: 6, newest: 6, make: PassageSample.make, least: 80 },
  { format: 7, newest: 8, make: ConversationSample.make, least: 150 },
  { format: 8, newest: 8, make: PassageSample.make, least: 80 }
]

describe("facts of format", () => {
  for (const { format, least, make, newest } of formats) {
    // `npm run samples` makes what is missing; what is there is never made again.
    it.live.runIf(inject("storeEventSamples") && !existsSync(fileOf(`facts-${format}.db.gz`)))(
      `${format} are made`,
      () =>
        Effect.gen(function*() {
          const folder = yield* TemporaryFolder.make
          yield* make(folder)
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

    it.live(`${format} are in the sample, and nothing that a newer Strata wrote`, () =>
      Effect.gen(function*() {
        const folder = yield* unpacked(format)
        const database = new DatabaseSync(join(folder, "strata.db"))
        const facts = database.prepare("SELECT substr(fact, 1, 1) AS format FROM facts").all()
        database.close()
        const written = facts.map((fact) => (fact["format"] as Uint8Array)[0]!)
        assert.isAtLeast(written.filter((each) => each === format).length, least)
        assert.isTrue(written.every((each) => each <= newest))
      }).pipe(Effect.scoped))
  }
})
