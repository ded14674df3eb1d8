/** `strata costs recompute`: over a data folder whose server is stopped. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { recorded } from "../support/RecordedCosts.ts"
import * as StrataProcess from "../support/StrataProcess.ts"

const run = (folder: string, ...args: ReadonlyArray<string>) => StrataProcess.run(args, { folder })

describe("strata costs recompute", () => {
  it.live("computes costs anew by the prices of the configuration, says what changed, and back", () =>
    Effect.gen(function*() {
      const { folder, strata } = yield* recorded
      const running = yield* run(folder, "costs", "recompute", "--data", folder)
      assert.match(running.stderr, /^Another Strata server uses the data folder/)
      yield* strata.close

      const config = join(folder, "prices.yaml")
      writeFileSync(config, "prices:\n  - { provider: up*, model: gpt-4o*, input: \"2\", output: \"5\" }\n")
      const cheaper = yield* run(folder, "costs", "recompute", "--data", folder, "--config", config)
      assert.strictEqual(cheaper.code, 0, cheaper.stderr)
      // Each 1000×2 + 100×5 = 2500 millionths
      assert.deepStrictEqual(cheaper.stdout.trimEnd().split("\n"), [
        "3 calls, 3 of them with another cost than before",
        "provider  model              calls  before USD  after USD",
        "upstream  gpt-4o-2024-08-06      3      0.0105     0.0075",
        "All together: 0.0105 USD before, 0.0075 USD after"
      ])
      const usage = yield* run(folder, "usage", "--data", folder, "--by", "provider")
      assert.match(usage.stdout, /^upstream +3 +3000 +0 +300 +0\.0075$/m)

      // Without a configuration the log says what the provider was.
      const back = yield* run(folder, "costs", "recompute", "--data", folder)
      assert.match(back.stdout, /All together: 0\.0075 USD before, 0\.0105 USD after/)
      const again = yield* run(folder, "projections", "rebuild", "costs", "--data", folder)
      assert.match(again.stdout, /^costs: 3 rows, the same as before/m, again.stderr)
    }).pipe(Effect.scoped))
})
