/** `strata providers`: what there is, what is configured, who needs whom; of a file, or of a running server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Record, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Provider } from "../../src/apis/providers/ProvidersModels.ts"
import { providers } from "../../src/cli/ProvidersCommand.ts"
import { providerInfo } from "../../src/kernel/provider/ProviderInfo.ts"
import { ProviderInfo } from "../../src/kernel/provider/ProviderModels.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as Command from "../support/Command.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const configuration = `
providers:
  inference:
    - { provider_id: vendor, provider_type: "remote::openai", config: { api_key: sk-secret-1, models: [m] } }
    - provider_id: again
      provider_type: inline::replay
      config: { mode: live, upstream: { provider_type: "remote::openai", config: { models: [m] } } }
`

/** `FILE` stands for a file of the configuration. */
const run = Effect.fnUntraced(function*(
  args: ReadonlyArray<string>,
  more: { readonly configuration?: string; readonly environment?: Readonly<Record<string, string>> } = {}
) {
  const file = join(yield* TemporaryFolder.make, "strata.yaml")
  writeFileSync(file, more.configuration ?? configuration)
  const place = (text: string) => text === "FILE" ? file : text
  return yield* Command.run(providers, args.map(place), Record.map(more.environment ?? {}, place))
})

const lines = (text: string) => text.split("\n").filter((line) => line !== "")
const jsonLines = <A>(schema: Schema.Codec<A, Schema.Json>, text: string) =>
  lines(text).map((line) => Schema.decodeUnknownSync(schema)(JSON.parse(line)))

describe("strata providers", () => {
  it.live("list shows what a configuration names, and starts nothing", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(["list", "--config", "FILE"])
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.deepStrictEqual(lines(stdout), ["inference/vendor  remote::openai", "inference/again  inline::replay"])
      const json = yield* run(["list", "--config", "FILE", "--json"])
      assert.notInclude(json.stdout, "sk-secret-1")
      assert.deepStrictEqual(lines(json.stdout).map((line) => JSON.parse(line).started), [null, null])
    }))

  it.live("is a command of strata", () =>
    Effect.gen(function*() {
      const started = yield* StrataProcess.start(["providers", "types", "--json"], {
        folder: yield* TemporaryFolder.make
      })
      const { code, stderr, stdout } = yield* started.ended
      assert.deepStrictEqual([code, stderr, lines(stdout).length], [0, "", registry.length])
    }))

  it.live("graph shows who needs whom, for a terminal or for Mermaid, of the file the environment names", () =>
    Effect.gen(function*() {
      const environment = { STRATA_CONFIG: "FILE" }
      const text = yield* run(["graph"], { environment })
      assert.deepStrictEqual([text.code, text.stderr], [0, ""])
      assert.strictEqual(
        text.stdout,
        `inference/vendor  remote::openai
  needs      nothing
  needed by  nobody

inference/again  inline::replay -> remote::openai
  needs      nothing
  needed by  nobody
`
      )
      const mermaid = yield* run(["graph", "--mermaid"], { environment })
      assert.match(mermaid.stdout, /^flowchart LR\n {2}subgraph api0\["inference"\]\n {4}provider0\["vendor<br\/>/)
    }))

  it.live("list and graph show a running server's health and start times", () =>
    Effect.gen(function*() {
      const { url: base_url } = yield* FakeUpstream.make()
      const inference = [
        { provider_id: "vendor", provider_type: "remote::openai", config: { base_url, models: ["m"] }, required: true },
        {
          provider_id: "again",
          provider_type: "inline::replay",
          config: { mode: "live", upstream: { provider_type: "remote::openai", config: { base_url, models: ["n"] } } }
        }
      ]
      const strata = yield* Strata.make({ providers: inference })
      const list = yield* run(["list", "--url", `${strata.url}/`])
      assert.deepStrictEqual([list.code, list.stderr], [0, ""])
      assert.deepStrictEqual(lines(list.stdout), [
        "inference/vendor  remote::openai  required  ok",
        "inference/again  inline::replay  ok"
      ])
      const json = yield* run(["list", "--json"], {
        environment: { STRATA_URL: strata.url, STRATA_CONFIG: "none.yaml" }
      })
      const shown = jsonLines(Provider, json.stdout)
      assert.deepStrictEqual<unknown>({ data: shown }, (yield* Http.send(strata.url, "/v1/providers")).json)
      for (const { started, upstreams } of shown) {
        assert.isAtLeast(started?.duration_ms ?? -1, 0)
        for (const upstream of upstreams) {
          assert.isAtMost(upstream.started?.duration_ms ?? Infinity, started!.duration_ms)
        }
      }
      const graph = yield* run(["graph", "--url", strata.url])
      assert.lengthOf([...graph.stdout.matchAll(/started {4}\+[\d.]+ ms, took [\d.]+ ms/g)], 2)
    }))

  it.live("types prints what can be configured, here or at a server", () =>
    Effect.gen(function*() {
      const text = yield* run(["types"])
      assert.deepStrictEqual([text.code, text.stderr], [0, ""])
      for (
        const says of [
          "remote::openai  (inference) OpenAI and compatible",
          "    api_key                secret   usually in OPENAI_API_KEY",
          "    idle_timeout_ms        number   default 600000",
          "    mode            choice   one of replay, record, record-if-missing, live; default \"replay\"",
          "    upstream        mapping  where mode is record or record-if-missing or live"
        ]
      ) {
        assert.include(lines(text.stdout), says)
      }
      const strata = yield* Strata.make()
      const infos = registry.map(providerInfo)
      for (const flags of [[], ["--url", strata.url], ["--api", "inference"]]) {
        const json = yield* run(["types", "--json", ...flags])
        const shown = flags.includes("inference") ? infos.filter(({ api }) => api === "inference") : infos
        assert.deepStrictEqual(jsonLines(ProviderInfo, json.stdout), shown)
      }
      const none = yield* run(["types", "--api", "safety"])
      assert.strictEqual(
        none.stdout,
        "No provider type implements the API safety. There is: inference, tool_runtime, files, file_processors, vector_io.\n"
      )
    }))

  it.live.each([
    {
      name: "a configuration that can't start",
      args: ["graph", "--config", "FILE"],
      configuration: "providers: { inference: [{ provider_id: a, provider_type: \"remote::opena\" }] }",
      says: /^ {2}providers\.inference\[0\]\.provider_type: unknown type remote::opena\. Did you mean remote::openai\?/m
    },
    { name: "a file that is not there", args: ["list", "--config", "other.yaml"], says: /^Cannot read .*other\.yaml/ },
    { name: "two sources", args: ["list", "--url", "http://a", "--config", "b"], says: /^--url and --config name two/ },
    {
      name: "a server that is not there",
      args: ["graph", "--url", "http://127.0.0.1:9"],
      says: /^No answer from http:\/\/127\.0\.0\.1:9: .*Is the server running\? --url names another\./
    }
  ])("says what is wrong with $name", ({ args, configuration, says }) =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(args, configuration === undefined ? {} : { configuration })
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, says)
    }))

  it.live("says what a server refuses", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make()
      const { code, stderr } = yield* run(["list", "--url", `${strata.url}/elsewhere`])
      assert.strictEqual(code, 1)
      assert.match(stderr, /^There is no route GET \/elsewhere\/v1\/providers\./)
    }))
})
