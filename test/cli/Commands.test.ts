/** What is loaded before a server answers: what most servers never ask for must wait until it is. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Commands from "../../src/cli/Commands.ts"
import { Http } from "../support/Http.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

/** Writes the address of each module when the process ends. */
const listing = (file: string) => `
import { registerHooks } from "node:module"
import { writeFileSync } from "node:fs"
const loaded = []
registerHooks({
  load: (url, context, next) => {
    loaded.push(url)
    return next(url, context)
  }
})
process.on("exit", () => writeFileSync(${JSON.stringify(file)}, loaded.join("\\n")))
`

/** All modules of a server that has answered one question, how it is. */
const loadedByServer = Effect.fnUntraced(function*(configuration?: string) {
  const folder = yield* TemporaryFolder.make
  const [hook, list] = [join(folder, "listing.mjs"), join(folder, "loaded.txt")]
  writeFileSync(hook, listing(list))
  const environment = { NODE_OPTIONS: `--import=${hook}` }
  const given = configuration === undefined ? {} : { configuration }
  const server = yield* StrataProcess.serve({ folder, environment, ...given })
  assert.strictEqual((yield* Http.send(server.url, "/v1/health")).status, 200)
  assert.strictEqual((yield* server.kill("SIGTERM")).code, 0)
  return readFileSync(list, "utf8").split("\n")
})

const openAi = `providers:
  inference:
    - { provider_id: p, provider_type: "remote::openai", config: { base_url: "http://127.0.0.1:1/v1", api_key: "sk-1" } }
`

/** Each with who asks for it. */
const late = [
  [/\/node_modules\/(pg|pg-pool|@effect\/sql-pg)\/|\/events\/postgres\/PostgresStore\./, "storage: postgres"],
  [/\/node_modules\/jose\/|\/server\/JwtAuthentication\./, "tokens of an issuer"],
  [/\/events\/sqlite\/SqliteCheckpointWorker\./, "32 MB of log"],
  [/@energetic-ai|\/EmbeddingWorker\./, "embeddings in this process"],
  [/\/cli\/(Init|Keys|Replay|Fork|Sessions|EventsTail|ProvidersCommand|ProjectionsCommand)\./, "another command"],
  [/openapi-schema-validator|\/node_modules\/(vitest|typescript)\//, "development"],
  [/\/effect\/dist\/(cluster|workflow)\//, "several runners"],
  [/\/node_modules\/(sqlite-vec|usearch|unpdf|officeparser|html-to-text|csv-parse|gpt-tokenizer)/, "files and vectors"],
  [/\/node_modules\/@aws-sdk\//, "a bucket"]
] as const

describe("strata serve", () => {
  it.live("loads nothing that only some servers ask for before it answers", () =>
    Effect.gen(function*() {
      const loaded = yield* loadedByServer(openAi)
      assert.isAbove(loaded.length, 500)
      const early = late.flatMap(([pattern, asks]) =>
        loaded.filter((url) => pattern.test(url)).map((url) => `${url}, for ${asks}`)
      )
      assert.deepStrictEqual(early, [])
    }))

  it.live("reads no YAML where there is no configuration file", () =>
    Effect.gen(function*() {
      const loaded = yield* loadedByServer()
      assert.deepStrictEqual(loaded.filter((url) => url.includes("/node_modules/yaml/")), [])
    }))
})

describe("Commands", () => {
  const names = (...args: ReadonlyArray<string>) =>
    Effect.map(Commands.of(args), (commands) => commands.map(({ name }) => name))

  it.effect("loads the one that the arguments name", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* names("--log-level", "debug", "keys", "create", "--id", "serve"), ["keys"])
    }))

  it.effect("loads all for help, and for who mistypes", () =>
    Effect.gen(function*() {
      const all = yield* names("--help")
      assert.includeMembers(all, ["serve", "init", "config", "events", "sessions", "replay", "fork", "keys"])
      assert.deepStrictEqual(yield* names("serv"), all)
    }))
})
