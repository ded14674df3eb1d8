/** `strata projections`: lists the tables of a data folder, and makes them anew. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const command = (folder: string, ...args: ReadonlyArray<string>) =>
  StrataProcess.run(["projections", ...args, "--data", folder], { folder })

/** A data folder of three sessions with one provider of one model. */
const recorded = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
  const strata = yield* Strata.make({ folder, providers: [Strata.openAi(upstream, { models: ["m"] })] })
  yield* Effect.forEach(["a", "b", "c"], (session) => Chat.ask(strata.url, { session }))
  return { folder, strata }
})

describe("strata projections", () => {
  it.live("lists and rebuilds the tables of a server that was stopped", () =>
    Effect.gen(function*() {
      const { folder, strata } = yield* recorded
      yield* strata.close
      const listed = yield* command(folder, "list")
      assert.strictEqual(listed.code, 0, listed.stderr)
      assert.match(listed.stdout, /^models +version \d+ +1 rows/m)
      assert.match(listed.stdout, /^sessions +version \d+ +3 rows/m)

      const rebuilt = yield* command(folder, "rebuild")
      assert.strictEqual(rebuilt.code, 0, rebuilt.stderr)
      assert.match(rebuilt.stdout, /^100 % +position (\d+) of \1$/m)
      assert.match(rebuilt.stdout, /^sessions: 3 rows, the same as before \(sha256 [0-9a-f]{64}\)$/m)

      const one = yield* command(folder, "rebuild", "models")
      assert.match(one.stdout, /^models: 1 rows, the same as before/m)
      assert.notInclude(one.stdout, "sessions")
    }).pipe(Effect.scoped))

  it.live("names what there is when it does not know a name, and leaves a running server alone", () =>
    Effect.gen(function*() {
      const { folder } = yield* recorded
      const unknown = yield* command(folder, "rebuild", "sesions")
      assert.strictEqual(unknown.code, 1)
      assert.strictEqual(unknown.stderr, "There is no projection \"sesions\". Did you mean sessions?\n")
      const running = yield* command(folder, "rebuild")
      assert.strictEqual(running.code, 1)
      assert.match(running.stderr, /^Another Strata server uses the data folder/)
    }).pipe(Effect.scoped))
})
