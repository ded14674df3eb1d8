/** What a person reads when a configuration is wrong: every row is a text and the lines of its error. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"

const environment = ConfigProvider.layer(ConfigProvider.fromEnvRecord({
  WORD: "secret-word"
}))

const parse = (text: string) => ConfigurationFile.parse(text, "strata.yaml").pipe(Effect.provide(environment))

const list = (...entries: ReadonlyArray<string>) =>
  `providers:\n  inference:\n${entries.map((e) => `    - ${e}\n`).join("")}`

const port = "expected a whole number from 0 to 65535, got"
const unset = (name: string) =>
  `environment variable ${name} is not set or empty: set it, or write \${env.${name}:=default} to go without`

const bad: ReadonlyArray<{ readonly name: string; readonly text: string; readonly issues: ReadonlyArray<string> }> = [
  { name: "not a mapping", text: "hello", issues: ["the whole file: expected a mapping, got \"hello\""] },
  {
    name: "an unknown key",
    text: "sever: {}",
    issues: [
      "sever: unknown key sever: did you mean server? (known here: version, apis, modules, server, logging, data, storage, recording, hooks, providers, prices, supervision, work, registered_resources)"
    ]
  },
  {
    name: "an unknown key in a section",
    text: "server: { prot: 1 }",
    issues: [
      "server.prot: unknown key prot: did you mean port? (known here: host, port, max_body_bytes, max_body_values, shutdown_timeout_ms, events_heartbeat_ms, stream_heartbeat_ms, max_websockets, websocket_idle_ms, max_tool_servers, max_input_file_bytes, allowed_hosts, cors, auth, quota)"
    ]
  },
  {
    name: "an unknown key like no other",
    text: "recording: { colour: red }",
    issues: [
      "recording.colour: unknown key colour: remove it (known here: level, max_level, debug_bytes, max_stream_bytes, redact, durability, retention)"
    ]
  },
  {
    name: "an unknown key of an entry",
    text: list("{ provider_id: a, provider_type: t, conifg: {} }"),
    issues: [
      "providers.inference[0].conifg: unknown key conifg: did you mean config? (known here: provider_id, provider_type, config, required, module)"
    ]
  },
  { name: "another version", text: "version: 2", issues: ["version: expected the number 1, got 2"] },
  { name: "a section of the wrong type", text: "server: 8321", issues: ["server: expected a mapping, got 8321"] },
  {
    name: "a section left empty",
    text: "server:\ndata: x",
    issues: ["server: expected a mapping, got nothing: fill it in, or leave the key out"]
  },
  {
    name: "a bad level",
    text: "recording: { level: verbose }",
    issues: ["recording.level: expected default, debug or raw, got \"verbose\""]
  },
  {
    name: "a debug payload without room",
    text: "recording: { debug_bytes: 10 }",
    issues: ["recording.debug_bytes: expected a whole number from 256 to 1048576, got 10"]
  },
  {
    name: "rules that are none",
    text: `recording:
  redact:
    - pattern: "("
    - { name: a, pattern: b }
    - {}
    - { name: a, flags: i }
    - { pattern: a, flags: y }
    - { pattern: "(a+)+" }
    - { pattern: "a*" }
    - { pattern: ${"a".repeat(501)} }
    - { name: a, replacement: "a[b]" }
    - { nmae: a }
`,
    issues: [
      "recording.redact[0].pattern: not a regular expression: Invalid regular expression: /(/g: Unterminated group",
      "recording.redact[1].pattern: a rule has a name or a pattern: make two rules of it",
      "recording.redact[2].name: missing: give the name of a header or JSON key, or a pattern",
      "recording.redact[3].flags: flags belong to a pattern: remove them, the case of a name does not matter",
      "recording.redact[4].flags: unknown flags \"y\": use some of i, m, s, u and v",
      "recording.redact[5].pattern: a repetition within a repetition, like (a+)+, can take for ever: give one of them a limit, like {1,20}",
      "recording.redact[6].pattern: it matches the empty text, so it would match everywhere: use + in place of *",
      "recording.redact[7].pattern: longer than 500 characters: split it into several rules",
      "recording.redact[8].replacement: expected 1 to 40 letters, digits, spaces, dots, dashes or underscores, got \"a[b]\"",
      "recording.redact[9].nmae: unknown key nmae: did you mean name? (known here: name, pattern, flags, replacement)"
    ]
  },
  {
    name: "a storage of no known type",
    text: "storage: { type: mysql }",
    issues: ["storage: expected a mapping with type: sqlite or type: postgres, got a mapping"]
  },
  {
    name: "a URL in place of a storage, whose password is not shown",
    text: "storage: postgres://strata:pass-word@db/strata",
    issues: ["storage: expected a mapping with type: sqlite or type: postgres, got a URL"]
  },
  {
    name: "PostgreSQL without a URL",
    text: "storage: { type: postgres }",
    issues: ["storage.url: missing: say where PostgreSQL is, for example url: ${env.DATABASE_URL}"]
  },
  {
    name: "a mistyped key of PostgreSQL",
    text: "storage: { type: postgres, url: \"postgres://db/strata\", pol_size: 3 }",
    issues: [
      "storage.pol_size: unknown key pol_size: did you mean pool_size? (known here: type, url, schema, pool_size)"
    ]
  },
  {
    name: "a pool of nothing",
    text: "storage: { type: postgres, url: \"postgres://db/strata\", pool_size: 0 }",
    issues: ["storage.pool_size: expected a whole number from 1 to 1000, got 0"]
  },
  {
    name: "an unknown durability",
    text: "recording: { durability: fast }",
    issues: ["recording.durability: expected normal or full, got \"fast\""]
  },
  { name: "a port too high", text: "server: { port: 65536 }", issues: [`server.port: ${port} 65536`] },
  { name: "a negative port", text: "server: { port: -1 }", issues: [`server.port: ${port} -1`] },
  { name: "a fractional port", text: "server: { port: 80.5 }", issues: [`server.port: ${port} 80.5`] },
  { name: "a port that is a word", text: "server: { port: http }", issues: [`server.port: ${port} "http"`] },
  { name: "a port that is true", text: "server: { port: true }", issues: [`server.port: ${port} true`] },
  { name: "a port that is an empty text", text: "server: { port: \"\" }", issues: [`server.port: ${port} ""`] },
  {
    name: "a port from the environment shows no value",
    text: "server: { port: \"${env.WORD}\" }",
    issues: [`server.port: ${port} the value of \${env.WORD}`]
  },
  {
    name: "an unset port is one issue",
    text: "server: { port: \"${env.UNSET}\" }",
    issues: [`server.port: ${unset("UNSET")}`]
  },
  {
    name: "a body limit of nothing",
    text: "server: { max_body_bytes: 0 }",
    issues: ["server.max_body_bytes: expected a whole number from 1 to 9007199254740991, got 0"]
  },
  {
    name: "an empty host",
    text: "server: { host: \"\" }",
    issues: ["server.host: expected a text that is not empty, got \"\""]
  },
  { name: "data that is a number", text: "data: 5", issues: ["data: expected a text that is not empty, got 5"] },
  {
    name: "providers that are a list",
    text: "providers: []",
    issues: ["providers: expected a mapping of API names to lists, got a list"]
  },
  {
    name: "an API that is not a list",
    text: "providers: { inference: { provider_id: a } }",
    issues: ["providers.inference: expected a list of providers, each starting with \"- provider_id:\", got a mapping"]
  },
  {
    name: "an entry that is a word",
    text: list("openai"),
    issues: ["providers.inference[0]: expected a mapping with provider_id and provider_type, got \"openai\""]
  },
  {
    name: "a missing provider_type",
    text: list("{ provider_id: a }"),
    issues: [
      "providers.inference[0].provider_type: missing: say which provider this is, for example provider_type: remote::openai"
    ]
  },
  {
    name: "a missing provider_id",
    text: list("{ provider_type: t }"),
    issues: ["providers.inference[0].provider_id: missing: name this provider, for example provider_id: openai"]
  },
  {
    name: "a provider_id that is a number",
    text: list("{ provider_id: 7, provider_type: t }"),
    issues: ["providers.inference[0].provider_id: expected a text, got 7"]
  },
  {
    name: "a provider_id with a slash, together with what another entry lacks",
    text: list("{ provider_id: b/c, provider_type: t }", "{ provider_id: d }"),
    issues: [
      "providers.inference[0].provider_id: expected a name without slashes and spaces, got \"b/c\"",
      "providers.inference[1].provider_type: missing: say which provider this is, for example provider_type: remote::openai"
    ]
  },
  {
    name: "a config that is a secret",
    text: list("{ provider_id: a, provider_type: t, config: sk-123 }"),
    issues: ["providers.inference[0].config: expected a mapping, got a string"]
  },
  {
    name: "an API name that reads badly in a path",
    text: "providers: { \"my api\": 1 }",
    issues: ["providers[\"my api\"]: expected a list of providers, each starting with \"- provider_id:\", got 1"]
  },
  {
    name: "a duplicate provider_id",
    text: list("{ provider_id: a, provider_type: t }", "{ provider_id: a, provider_type: u }"),
    issues: [
      "providers.inference[1].provider_id: \"a\" is already the provider_id of entry [0] of this list: give each its own"
    ]
  },
  {
    name: "a model of no known type, whose metadata is a text",
    text: `registered_resources:
  models: [{ model_id: a, provider_id: b, provider_model_id: c, model_type: chat, metadata: fast }]`,
    issues: [
      "registered_resources.models[0].model_type: expected llm, embedding or rerank, got \"chat\"",
      "registered_resources.models[0].metadata: expected a mapping, got \"fast\""
    ]
  },
  {
    name: "everything at once",
    text: `sever: 1\nserver: { port: x, host: "\${env.ONE}" }\n${
      list("{ provider_id: a, provider_type: t, config: { api_key: \"${env.TWO}\" } }", "{ provider_id: b }")
    }`,
    issues: [
      `server.host: ${unset("ONE")}`,
      `providers.inference[0].config.api_key: ${unset("TWO")}`,
      "sever: unknown key sever: did you mean server? (known here: version, apis, modules, server, logging, data, storage, recording, hooks, providers, prices, supervision, work, registered_resources)",
      `server.port: ${port} "x"`,
      "providers.inference[1].provider_type: missing: say which provider this is, for example provider_type: remote::openai"
    ]
  },
  {
    name: "YAML: a list never closed",
    text: "a: 1\nb: [1",
    issues: [
      "line 2, column 6: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"
    ]
  },
  {
    name: "YAML: two documents",
    text: "data: a\n---\ndata: b",
    issues: [
      "line 2, column 1: a second document begins here, and a configuration is one: remove the line --- and what is of the other"
    ]
  },
  {
    name: "YAML: a tab",
    text: "server:\n\tport: 1",
    issues: ["line 2, column 1: this is not valid YAML: Tabs are not allowed as indentation"]
  },
  {
    name: "YAML: a key twice",
    text: "data: a\ndata: b",
    issues: ["line 2, column 1: this is not valid YAML: Map keys must be unique"]
  },
  {
    name: "YAML: an unknown tag",
    text: "data: !secret a",
    issues: ["line 1, column 7: this is not valid YAML: Unresolved tag: !secret"]
  },
  {
    name: "YAML: an unknown alias",
    text: "data: *x",
    issues: [
      "the whole file: an anchor (&) or alias (*) cannot be resolved: Unresolved alias (the anchor must be set before the alias): x"
    ]
  }
]

describe("ConfigurationInvalid", () => {
  for (const { issues, name, text } of bad) {
    it.effect(`refuses ${name}`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(parse(text))
        const problems = issues.length === 1 ? "1 problem" : `${issues.length} problems`
        assert.strictEqual(error._tag, "ConfigurationInvalid")
        assert.strictEqual(error.file, "strata.yaml")
        assert.deepStrictEqual(
          error.message.split("\n"),
          [`The configuration strata.yaml has ${problems}:`, ...issues.map((issue) => `  ${issue}`)]
        )
      }))
  }

  it.effect("refuses an anchor inside itself", () =>
    Effect.gen(function*() {
      const { issues } = yield* Effect.flip(parse("data: &a [*a]"))
      assert.match(issues[0]?.message ?? "", /^an anchor .* cannot be resolved: .*circular/)
    }))

  it.effect("says when the environment itself cannot be read", () =>
    Effect.gen(function*() {
      const broken = ConfigProvider.make(() =>
        Effect.fail(new ConfigProvider.SourceError({ message: "vault is sealed" }))
      )
      const error = yield* Effect.flip(
        Effect.provideService(ConfigurationFile.parse("", "x"), ConfigProvider.ConfigProvider, broken)
      )
      assert.deepStrictEqual(error.issues, [{ path: "", message: "the environment cannot be read: vault is sealed" }])
    }))
})
