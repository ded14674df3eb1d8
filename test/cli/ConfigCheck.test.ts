/** `strata config check`: every error with its place, exit code 1; or what would run, which it does not start. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { config } from "../../src/cli/ConfigCommand.ts"
import * as Command from "../support/Command.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const good = `
logging: { level: warn }
apis: [inference, events]
server: { port: 9000 }
recording: { level: debug }
providers:
  inference:
    - { provider_id: "\${env.KEY:+vendor}", provider_type: "remote::openai", config: { api_key: "\${env.KEY:=}" } }
    - { provider_id: local, provider_type: "remote::openai", config: { models: [m] } }
registered_resources:
  models: [{ model_id: fast, provider_id: local, provider_model_id: m }]
`

const summary = `FILE is in order. strata serve --config FILE would run:

  Address     http://127.0.0.1:9000
  Storage     .strata
  Recording   debug
  Log level   warn
  APIs        inference, models, events, providers, inspect
  Providers   local (remote::openai) for inference
  Resources   the model fast: m of local
  Skipped     remote::openai for inference: provider_id \${env.KEY:+vendor} is empty: set KEY to use this provider
`

const bad = `
server: { prot: 1 }
apis: [infrence]
providers:
  inference: [{ provider_id: a, provider_type: "remote::opneai" }]
`

const check = Effect.fnUntraced(function*(text: string, environment: Readonly<Record<string, string>> = {}) {
  const file = join(yield* TemporaryFolder.make, "strata.yaml")
  writeFileSync(file, text)
  const ended = yield* Command.run(config, ["check", file], environment)
  return { ...ended, stdout: ended.stdout.replaceAll(file, "FILE"), stderr: ended.stderr.replaceAll(file, "FILE") }
})

describe("strata config check", () => {
  it.live("says what would run, and what is skipped and why", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* check(good), { code: 0, stdout: summary, stderr: "" })
      const { stdout } = yield* check(good, { KEY: "sk-secret" })
      assert.match(stdout, /Providers +vendor \(remote::openai\) for inference\n +local/)
      assert.notInclude(stdout, "Skipped")
      assert.notInclude(stdout, "sk-secret")
    }))

  it.live("says when nothing would start", () =>
    Effect.gen(function*() {
      assert.include((yield* check("{}")).stdout, "No provider would start: no model would be served.")
    }))

  it.live("says everything that is wrong", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* check(bad)
      assert.deepStrictEqual([code, stdout], [1, ""])
      const [title, ...lines] = stderr.trimEnd().split("\n")
      assert.strictEqual(title, "The configuration FILE has 3 problems:")
      assert.deepStrictEqual(lines.map((line) => line.split(": ")[0]), [
        "  server.prot",
        "  providers.inference[0].provider_type",
        "  apis[0]"
      ])
    }))

  it.live("takes the file of the environment or the folder, and starts nothing", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const none = yield* StrataProcess.run(["config", "check"], { folder })
      assert.strictEqual(none.code, 1)
      assert.strictEqual(none.stderr, "There is no strata.yaml here: name the file, or make one with strata init.\n")
      writeFileSync(join(folder, "strata.yaml"), good)
      const usual = yield* StrataProcess.run(["config", "check"], { folder })
      assert.deepStrictEqual([usual.code, usual.stderr], [0, ""])
      assert.isFalse(existsSync(join(folder, ".strata")))
      const other = join(folder, "other.yaml")
      writeFileSync(other, bad)
      const named = yield* StrataProcess.run(["config", "check"], { folder, environment: { STRATA_CONFIG: other } })
      assert.strictEqual(named.code, 1)
    }))
})
