/** `npm run crash` in short: a writer is killed three times, the log is whole each time. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { crashRounds } from "../../../bench/crash/CrashRounds.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

describe("a log whose writer is killed", () => {
  it.live("has every acknowledged event once, no gap, and tables as a rebuild makes them", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const data = join(folder, "data")
      mkdirSync(data)
      const result = yield* Effect.promise(() =>
        crashRounds({
          rounds: 3,
          seed: 7,
          folder,
          place: { log: "sqlite", folder: data },
          progress: () => undefined
        })
      )
      assert.isAbove(result.acknowledgedEvents, 100)
      assert.isAtLeast(result.events, result.acknowledgedEvents)
    }))
})
