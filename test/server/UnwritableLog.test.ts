/** A log that can't be written for a while: 503 for what can't be recorded, nothing half, and on again after. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { closeSync, openSync, statSync, writeSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const start = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
  const folder = yield* TemporaryFolder.make
  return { folder, providers: [Strata.openAi(upstream, { models: ["m"] })] }
})

/** Another program that holds the file, as a backup or a database browser may. */
const lock = (folder: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const database = new DatabaseSync(join(folder, "strata.db"))
      database.exec("BEGIN IMMEDIATE")
      return database
    }),
    (database) => Effect.sync(() => database.close())
  )

describe("a log that can't be written", () => {
  it.live("because another program locks the file: 503, and on again when it is free", () =>
    Effect.gen(function*() {
      const options = yield* start
      const strata = yield* Strata.make(options)
      assert.strictEqual((yield* Chat.ask(strata.url)).status, 200)
      const before = yield* strata.events()

      yield* Effect.scoped(Effect.gen(function*() {
        yield* lock(options.folder)
        const refused = yield* Chat.ask(strata.url)
        assert.strictEqual(refused.status, 503)
        const { error } = JSON.parse(refused.text) as {
          readonly error: { readonly code: string; readonly message: string }
        }
        assert.strictEqual(error.code, "event_log_unavailable")
        assert.include(error.message, "database is locked")
        // What is not let in is not answered either before that is in the log.
        const headers = { origin: "https://evil.example" }
        assert.strictEqual((yield* Http.send(strata.url, "/v1/models", { headers })).status, 503)
        assert.strictEqual((yield* Http.send(strata.url, "/v1/health")).status, 200)
        assert.deepStrictEqual(yield* strata.events(), before)
      }))

      assert.strictEqual((yield* Chat.ask(strata.url)).status, 200)
      const after = yield* strata.events()
      assert.deepStrictEqual(after.slice(0, before.length), before)
      assert.deepStrictEqual(after.map(({ position }) => position), after.map((_, index) => index + 1))
      assert.strictEqual(Strata.ofClients(after).filter(({ type }) => type === "api:response").length, 2)
    }).pipe(Effect.scoped))

  it.live("because the file is damaged: it says so and answers no request as if all were well", () =>
    Effect.gen(function*() {
      const options = yield* start
      yield* Effect.scoped(Effect.gen(function*() {
        const strata = yield* Strata.make(options)
        for (let n = 0; n < 20; n++) yield* Chat.ask(strata.url, { session: `s${n}` })
        yield* strata.close
      }))
      const file = join(options.folder, "strata.db")
      const descriptor = openSync(file, "r+")
      // All but the first page, which says that it is a database.
      writeSync(descriptor, Buffer.alloc(statSync(file).size - 8192, 0xff), 0, undefined, 8192)
      closeSync(descriptor)
      const started = yield* Effect.exit(Strata.make(options))
      assert.strictEqual(started._tag, "Failure")
      assert.match(JSON.stringify(started), /malformed/)
    }).pipe(Effect.scoped))
})
