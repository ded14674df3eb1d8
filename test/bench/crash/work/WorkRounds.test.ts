/** `npm run crash -- --suite work` in short: a server is killed twice, and every piece ends once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { workRounds } from "../../../../bench/crash/work/WorkRounds.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"

describe("work whose server is killed", () => {
  it.live(
    "given kills under load, when another server goes on, then each piece ends once and no call is for nothing",
    () =>
      Effect.gen(function*() {
        const folder = join(yield* TemporaryFolder.make, "data")
        mkdirSync(folder)
        const place = { log: "sqlite", folder } as const
        const result = yield* Effect.promise(() =>
          workRounds({ rounds: 2, seed: 7, place, kind: "piece", servers: 1, progress: () => undefined })
        )
        assert.strictEqual(result.kills, 2)
        assert.isAtLeast(result.pieces, 1)
        assert.isAtLeast(result.attempts, result.pieces)
      }),
    120_000
  )
})
