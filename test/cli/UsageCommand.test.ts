/** `strata usage`: over a data folder, and of a running server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { recorded } from "../support/RecordedCosts.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const run = (folder: string, ...args: ReadonlyArray<string>) => StrataProcess.run(args, { folder })

describe("strata usage", () => {
  it.live("prints what calls used and cost: of a running server, and of its folder when it is stopped", () =>
    Effect.gen(function*() {
      const { folder, strata } = yield* recorded
      const asked = yield* run(folder, "usage", "--url", strata.url, "--since", "7d")
      assert.strictEqual(asked.code, 0, asked.stderr)
      // Each 1000×2.5 + 100×10 = 3500 millionths
      assert.deepStrictEqual(asked.stdout.trimEnd().split("\n"), [
        "model              calls  input  cached  output  cost USD  unpriced",
        "gpt-4o-2024-08-06      3   3000       0     300    0.0105",
        "total                  3   3000       0     300    0.0105"
      ])
      yield* strata.close
      const local = yield* run(folder, "usage", "--data", folder, "--since", "7d")
      assert.strictEqual(local.stdout, asked.stdout, local.stderr)

      const json = yield* run(folder, "usage", "--data", folder, "--by", "session", "--session", "b", "--json")
      const lines = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line))
      assert.deepStrictEqual(
        lines.map(({ call_count, cost, object, session }) => [object, session, call_count, cost]),
        [["usage.group", "b", 1, "0.0035"], ["usage.total", undefined, 1, "0.0035"]]
      )
    }).pipe(Effect.scoped))

  it.live("says what it does not understand, and where nobody answers", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const time = yield* run(folder, "usage", "--data", folder, "--since", "yesterday", "--url", "http://127.0.0.1:1")
      assert.strictEqual(time.code, 1)
      assert.match(time.stderr, /^--since yesterday is no time\. Give how long ago \(90m, 24h, 7d, 2w\)/)
      const by = yield* run(folder, "usage", "--by", "colour")
      assert.notStrictEqual(by.code, 0)
      assert.include(by.stderr + by.stdout, "Expected one or two of session, model, provider, principal, day")
      const silent = yield* run(folder, "usage", "--url", "http://127.0.0.1:1")
      assert.strictEqual(silent.code, 1)
      assert.match(silent.stderr, /^No answer from http:\/\/127\.0\.0\.1:1: .* Is the server running\?/)
    }).pipe(Effect.scoped))
})
