/** What a configuration text means, and which entries it skips. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { defaults } from "../../../src/kernel/configuration/Configuration.ts"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"

const environment = ConfigProvider.layer(ConfigProvider.fromEnvRecord({
  HOME: "/home/ada",
  PORT: "9000",
  WORD: "secret-word",
  NOTHING: "",
  KEY: "sk-1",
  DATABASE_URL: "postgres://strata:pass-word@db/strata",
  KEY_FILE: "a variable whose name begins with another's"
}))

const parse = (text: string) => ConfigurationFile.parse(text, "strata.yaml").pipe(Effect.provide(environment))

const list = (...entries: ReadonlyArray<string>) =>
  `providers:\n  inference:\n${entries.map((e) => `    - ${e}\n`).join("")}`

interface GoodCase {
  readonly name: string
  readonly text: string
  readonly expected: Partial<typeof defaults>
}
const good: ReadonlyArray<GoodCase> = [
  { name: "an empty file is all defaults", text: "", expected: {} },
  { name: "a file of comments only", text: "# later\n", expected: {} },
  { name: "an empty section", text: "server: {}", expected: {} },
  { name: "one key of a section", text: "server: { port: 0 }", expected: { server: { ...defaults.server, port: 0 } } },
  {
    name: "a number as text",
    text: "server: { port: \"8080\" }",
    expected: { server: { ...defaults.server, port: 8080 } }
  },
  {
    name: "a number from the environment",
    text: "server: { port: \"${env.PORT}\" }",
    expected: { server: { ...defaults.server, port: 9000 } }
  },
  {
    name: "a number from a default",
    text: "server: { max_body_bytes: \"${env.UNSET:=1024}\" }",
    expected: { server: { ...defaults.server, max_body_bytes: 1024 } }
  },
  {
    name: "the highest port",
    text: "server: { port: 65535 }",
    expected: { server: { ...defaults.server, port: 65_535 } }
  },
  { name: "version as text", text: "version: \"1\"", expected: { version: 1 } },
  { name: "data below the home folder", text: "data: ${env.UNSET:=~/strata}", expected: { data: "/home/ada/strata" } },
  {
    name: "a recording level",
    text: "recording: { level: debug }",
    expected: { recording: { ...defaults.recording, level: "debug" } }
  },
  {
    name: "how much a recorded event survives",
    text: "recording: { durability: full }",
    expected: { recording: { ...defaults.recording, durability: "full" } }
  },
  {
    name: "what else is recorded",
    text:
      "recording: { max_level: debug, debug_bytes: \"512\", redact: [{ name: x-tenant }, { pattern: \"[0-9]{16}\", flags: i, replacement: card }] }",
    expected: {
      recording: {
        ...defaults.recording,
        max_level: "debug",
        debug_bytes: 512,
        redact: [{ name: "x-tenant" }, { pattern: "[0-9]{16}", flags: "i", replacement: "card" }]
      }
    }
  },
  {
    name: "an API with an empty list",
    text: "providers: { inference: [] }",
    expected: { providers: { inference: [] } }
  },
  {
    name: "a provider without config",
    text: list("{ provider_id: a, provider_type: remote::a }"),
    expected: { providers: { inference: [{ provider_id: "a", provider_type: "remote::a", config: {} }] } }
  },
  {
    name: "config is kept as it is, its text too",
    text: list(
      "{ provider_id: a, provider_type: remote::a, config: { key: \"${env.KEY}\", n: 1, deep: [null, { x: \"${env.PORT}\" }] } }"
    ),
    expected: {
      providers: {
        inference: [{
          provider_id: "a",
          provider_type: "remote::a",
          config: { key: "sk-1", n: 1, deep: [null, { x: "9000" }] }
        }]
      }
    }
  },
  {
    name: "the same id in two APIs",
    text: "providers: { a: [{ provider_id: x, provider_type: t }], b: [{ provider_id: x, provider_type: t }] }",
    expected: {
      providers: {
        a: [{ provider_id: "x", provider_type: "t", config: {} }],
        b: [{ provider_id: "x", provider_type: "t", config: {} }]
      }
    }
  },
  {
    name: "anchors and merge keys",
    text: "providers:\n  a:\n    - &x { provider_id: x, provider_type: t }\n    - { <<: *x, provider_id: y }",
    expected: {
      providers: {
        a: [{ provider_id: "x", provider_type: "t", config: {} }, { provider_id: "y", provider_type: "t", config: {} }]
      }
    }
  }
]

const skippedCases: ReadonlyArray<{ readonly name: string; readonly id: string; readonly reason: string }> = [
  { name: "disabled", id: "__disabled__", reason: "provider_id is __disabled__: give it a name to use this provider" },
  {
    name: "disabled by a default",
    id: "${env.UNSET:=__disabled__}",
    reason: "provider_id ${env.UNSET:=__disabled__} is __disabled__: set UNSET to use this provider"
  },
  {
    name: "empty by a condition",
    id: "${env.OPENAI_API_KEY:+openai}",
    reason: "provider_id ${env.OPENAI_API_KEY:+openai} is empty: set OPENAI_API_KEY to use this provider"
  },
  {
    name: "empty by two conditions",
    id: "${env.ONE:+a}${env.NOTHING:+b}",
    reason: "provider_id ${env.ONE:+a}${env.NOTHING:+b} is empty: set ONE or NOTHING to use this provider"
  },
  { name: "an empty text", id: "\"\"", reason: "provider_id is empty: give it a name to use this provider" },
  { name: "nothing", id: "", reason: "provider_id is empty: give it a name to use this provider" }
]

describe("ConfigurationFile.parse", () => {
  for (const { expected, name, text } of good) {
    it.effect(`accepts ${name}`, () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* parse(text), { configuration: { ...defaults, ...expected }, skipped: [] })
      }))
  }

  it.effect("takes a model's type and metadata, from the environment too", () =>
    Effect.gen(function*() {
      const entry = "{ model_id: m, provider_id: p, provider_model_id: x, model_type: \"${env.TYPE:=rerank}\", " +
        "metadata: { team: \"${env.WORD}\", size: 7 } }"
      const { configuration } = yield* parse(`registered_resources: { models: [${entry}] }`)
      assert.deepInclude(configuration.registered_resources.models[0], {
        model_type: "rerank",
        metadata: { team: "secret-word", size: 7 }
      })
    }))

  it.effect("takes the URL of a PostgreSQL database from the environment, and keeps it out of what is printed", () =>
    Effect.gen(function*() {
      const text = "storage: { type: postgres, url: \"${env.DATABASE_URL}\", pool_size: \"3\" }"
      const { storage } = (yield* parse(text)).configuration
      assert.strictEqual(
        storage.type === "postgres" ? Redacted.value(storage.url) : "",
        "postgres://strata:pass-word@db/strata"
      )
      assert.strictEqual(
        JSON.stringify(storage),
        "{\"type\":\"postgres\",\"url\":\"<redacted>\",\"schema\":\"strata\",\"pool_size\":3}"
      )
    }))

  for (const { id, name, reason } of skippedCases) {
    it.effect(`skips an entry whose provider_id is ${name}`, () =>
      Effect.gen(function*() {
        const entry = `{ provider_id: ${
          id === "" ? "~" : id.startsWith("\"") ? id : `'${id}'`
        }, provider_type: remote::x, config: { k: "\${env.UNSET}" } }`
        const { configuration, skipped } = yield* parse(list("{ provider_id: a, provider_type: t }", entry, entry))
        const once = { api: "inference", provider_type: "remote::x", reason }
        assert.deepStrictEqual(skipped, [once, once])
        assert.deepStrictEqual(configuration.providers["inference"]?.map(({ provider_id }) => provider_id), ["a"])
      }))
  }
})
