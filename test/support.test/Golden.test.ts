/** Facts are what the row writer of before would have written: a short run of `npm run golden`, and that it finds a change. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Changes from "../support/golden/Changes.ts"
import * as Golden from "../support/golden/Golden.ts"

const main = fileURLToPath(new URL("../support/golden/main.ts", import.meta.url))

describe("golden", () => {
  it.live("the events of facts are the rows of before", () =>
    Effect.gen(function*() {
      const { difference, types } = yield* Golden.run({ requests: 300, seed: 20_261_126, requestsOfPart: 100 })
      assert.strictEqual(difference, undefined)
      for (const family of ["api:request", "api:response", "api:error", "llm:request", "llm:response", "llm:error"]) {
        for (const level of ["", ":debug", ":raw"]) {
          assert.isAbove(types.get(`${family}${level}`) ?? 0, 5, family + level)
        }
      }
      assert.isAbove(types.get("hook:decided") ?? 0, 5)
    }), 120_000)

  it.live("one field that is another is found", () =>
    Effect.gen(function*() {
      const { difference } = yield* Golden.run({ requests: 40, seed: 5, change: Changes.nth(60) })
      assert.match(difference?.path ?? "nothing", /^payload/)
    }), 60_000)

  it("then the command exits with 1", () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [main, "--requests", "40", "--seed", "5", "--change", "60"],
      {
        encoding: "utf8"
      }
    )
    // The beginning of a session is of no request.
    assert.match(stdout, /^(?:golden-\d+|a request) \(.*\): \S+, payload/m)
    assert.strictEqual(status, 1)
  }, 60_000)
})
