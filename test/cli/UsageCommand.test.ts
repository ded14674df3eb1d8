/** `strata usage` and `strata costs recompute`: over a data folder, and of a running server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Chat } from "../support/Chat.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const respond = () =>
  ScriptedAnswer.json(200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message: { role: "assistant", content: "Blue" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }
  })

/** A data folder of three sessions, each of one call of 1000 tokens of input and 100 of output. */
const recorded = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  const upstream = yield* FakeUpstream.make({ respond })
  const strata = yield* Strata.make({ folder, providers: [Strata.openAi(upstream, { models: ["gpt-4o"] })] })
  yield* Effect.forEach(["a", "b", "c"], (session) => Chat.ask(strata.url, { session, model: "upstream/gpt-4o" }))
  return { folder, strata }
})

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
