/** A log as 0.1.0 wrote it, before calls had paths and requests a debug level, opens, reads, verifies and is written on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { verify } from "../../support/verify.ts"

/** Tools, streams, errors, hooks, forks and an alias, by a vendor of our own; 342 events. */
const sample = fileURLToPath(new URL("../../samples/rows-of-0.1.0.db.gz", import.meta.url))

const unpacked = Effect.tap(
  TemporaryFolder.make,
  (folder) => Effect.sync(() => writeFileSync(join(folder, "strata.db"), gunzipSync(readFileSync(sample))))
)

const requests: Readonly<Record<string, number>> = {
  tools: 4,
  streams: 3,
  errors: 7,
  hooks: 3,
  alias: 2,
  "tools-fork": 1,
  "tools-fork-fork": 1
}

/** It had checks of its own where the vendor decides now. */
const skipped: Readonly<Record<string, ReadonlyArray<{ readonly requestId: string; readonly reason: string }>>> = {
  errors: [{
    requestId: "01a2176a-6111-7b4a-bdec-339876e10000",
    reason: "an earlier version refused it, and this one leaves that to the vendor"
  }]
}

describe("a log of 0.1.0", () => {
  it.live("verifies: compared by type and order, never by id", () =>
    Effect.gen(function*() {
      const folder = yield* unpacked
      const reports = yield* verify(folder, Object.keys(requests))
      assert.deepStrictEqual(
        reports.map(({ divergence, requests, session, skipped }) => [session, requests, skipped, divergence]),
        Object.entries(requests).map(([session, count]) => [session, count, skipped[session] ?? [], undefined])
      )
    }).pipe(Effect.scoped))

  it.live("is read and written on, and what is written verifies beside it", () =>
    Effect.gen(function*() {
      const folder = yield* unpacked
      const upstream = yield* FakeUpstream.make({ models: ["m"], respond: Chat.answering(["Hello"]) })
      const strata = yield* Strata.make({ folder, providers: [Strata.openAi(upstream)] })
      const before = yield* strata.events()
      assert.isAtLeast(before.length, 342)
      const state = yield* Http.send(strata.url, "/v1/sessions/tools/state")
      assert.strictEqual(Object(state.json).turns.length, 4)
      assert.strictEqual((yield* Chat.ask(strata.url, { session: "tools" })).status, 200)
      const forked = yield* Http.post(strata.url, "/v1/sessions/streams/fork", { session_id: "later" })
      assert.strictEqual(forked.status, 201)
      yield* strata.close
      const [tools] = yield* verify(folder, ["tools"])
      assert.deepInclude(tools, { requests: 5, divergence: undefined })
    }).pipe(Effect.scoped))
})
