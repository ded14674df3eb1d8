/** Everything that is wrong with a file is said at once: its fields, providers, modules, APIs and resources. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { apis } from "../../../src/apis/Apis.ts"
import * as ConfigurationCheck from "../../../src/kernel/configuration/ConfigurationCheck.ts"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import type { AnyDefinition } from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Config } from "../../../src/providers/remote/openai/OpenAi.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const environment = ConfigProvider.layer(ConfigProvider.fromEnvRecord({ KEY: "sk-1" }))

const { provider } = StackWorld.make()
const inference = registry[0].api
const safety: AnyDefinition = provider(StackWorld.api("safety"))
const needy: AnyDefinition = { ...safety, type: "inline::needy", requires: [inference] }
const types: ReadonlyArray<AnyDefinition> = [...registry, safety, needy]

const modules = {
  "empty.mjs": "export default 1\n",
  "wrong.mjs": "export const providers = [{ type: \"inline::x\" }]\n"
}

const check = Effect.fnUntraced(function*(text: string) {
  const folder = yield* TemporaryFolder.make
  for (const [name, source] of Object.entries(modules)) writeFileSync(join(folder, name), source)
  const read = yield* ConfigurationFile.readText(text, join(folder, "strata.yaml"))
  return yield* Effect.mapError(
    ConfigurationCheck.check(read, types, apis),
    ({ issues }) => issues.map(({ message, path }) => `${path}: ${message}`.replaceAll(folder, "FOLDER"))
  )
}, Effect.provide(environment))

const openai = (id: string, more = "") => `{ provider_id: ${id}, provider_type: "remote::openai"${more} }`
const inferenceOf = (...entries: ReadonlyArray<string>) => `providers:\n  inference: [${entries.join(", ")}]\n`

const own = `${apis.own.map(({ name }) => name).join(", ")}, safety`
const known = registry.filter(({ api }) => api.name === "inference").map(({ type }) => type).join(", ")

const refused: ReadonlyArray<{ readonly name: string; readonly text: string; readonly issues: ReadonlyArray<string> }> =
  [
    {
      name: "an unknown provider type",
      text: inferenceOf("{ provider_id: a, provider_type: \"remote::openia\" }"),
      issues: [
        `providers.inference[0].provider_type: unknown type remote::openia. Did you mean remote::openai? There is: ${known}.`
      ]
    },
    {
      name: "an unknown type behind entries that are skipped, at its place",
      text: inferenceOf(openai("__disabled__"), openai("\"${env.NONE:+b}\""), openai("c", ", config: { base_ulr: x }")),
      issues: [
        "providers.inference[2].config.base_ulr: unknown key base_ulr: did you mean base_url? " +
        `(known here: ${Object.keys(Config.fields).join(", ")})`
      ]
    },
    {
      name: "an API without provider types",
      text: "providers: { infrence: [] }",
      issues: [
        "providers.infrence: no provider type implements the API infrence. Did you mean inference? " +
        "There is: file_processors, files, inference, safety, tool_runtime, vector_io."
      ]
    },
    {
      name: "an API that Strata provides",
      text: "providers: { sessions: [{ provider_id: a, provider_type: x }] }",
      issues: [
        "providers.sessions: Strata provides the API sessions itself: remove providers.sessions. " +
        "Providers implement: file_processors, files, inference, safety, tool_runtime, vector_io."
      ]
    },
    {
      name: "an unknown API to serve",
      text: "apis: [inference, sesions, poems]",
      issues: [
        `apis[1]: there is no API sesions. Did you mean sessions? There is: ${own}.`,
        `apis[2]: there is no API poems. There is: ${own}.`
      ]
    },
    {
      name: "an API to serve that is no text",
      text: "apis: inference",
      issues: ["apis: expected a list of API names, got \"inference\""]
    },
    {
      name: "an empty name of an API",
      text: "apis: [\"\"]",
      issues: ["apis[0]: expected a text that is not empty, got \"\""]
    },
    {
      name: "a level of the log that is none",
      text: "logging: { level: verbose }",
      issues: ["logging.level: expected trace, debug, info, warn, error, fatal or none, got \"verbose\""]
    },
    {
      name: "modules that are no list",
      text: "modules: ./a.ts",
      issues: ["modules: expected a list of packages and files, got \"./a.ts\""]
    },
    {
      name: "a module that is not there",
      text: "modules: [./none.mjs]",
      issues: [
        "modules[0]: there is no file FOLDER/none.mjs: check the path; it is relative to the configuration file"
      ]
    },
    {
      name: "a module without providers and APIs",
      text: "modules: [./empty.mjs]",
      issues: ["modules[0]: ./empty.mjs: it exports neither providers nor apis: export const providers = [...]"]
    },
    {
      name: "a module whose provider is not whole, once, where it is named first",
      text: inferenceOf(
        "{ provider_id: a, provider_type: \"inline::x\", module: ./wrong.mjs }",
        "{ provider_id: b, provider_type: \"inline::x\", module: ./wrong.mjs }"
      ),
      issues: [
        "api is missing: expected an API, with name, service, slot and contract",
        "displayName is missing: expected a text",
        "description is missing: expected a text",
        "config is missing: expected a Schema",
        "requires is missing: expected a list of APIs",
        "optional is missing: expected a list of APIs",
        "capabilities is missing: expected a list of texts",
        "layer is missing: expected a function"
      ].map((issue) => `providers.inference[0].module: ./wrong.mjs: providers[0].${issue}; use Provider.make`)
    },
    {
      name: "a module that is a number",
      text: inferenceOf(openai("a", ", module: 7")),
      issues: ["providers.inference[0].module: expected a text that is not empty, got 7"]
    },
    {
      name: "a model of a provider that nobody configured",
      text: `${inferenceOf(openai("openai"))}registered_resources:
  models: [{ model_id: fast, provider_id: opnai, provider_model_id: m }]`,
      issues: [
        "registered_resources.models[0].provider_id: no inference provider in use is called opnai. " +
        "Did you mean openai? There is: openai."
      ]
    },
    {
      name: "a model where there is no provider",
      text: "registered_resources: { models: [{ model_id: fast, provider_id: a, provider_model_id: m }] }",
      issues: ["registered_resources.models[0].provider_id: no inference provider in use is called a. There is none."]
    },
    {
      name: "a model without names",
      text: "registered_resources: { models: [{ model_id: fast }] }",
      issues: [
        "registered_resources.models[0].provider_id: missing: name the provider that serves it, " +
        "for example provider_id: openai",
        "registered_resources.models[0].provider_model_id: missing: say what the provider calls it, " +
        "for example gpt-4o-mini"
      ]
    },
    {
      name: "one model_id twice",
      text: `${inferenceOf(openai("a"))}registered_resources:
  models: [{ model_id: m, provider_id: a, provider_model_id: x }, { model_id: m, provider_id: a, provider_model_id: y }]`,
      issues: [
        "registered_resources.models[1].model_id: \"m\" is already the model_id of entry [0] of this list: give each its own"
      ]
    },
    {
      name: "resources of a kind that is not registered",
      text: "registered_resources: { modles: [] }",
      issues: [
        "registered_resources.modles: unknown key modles: did you mean models? (known here: models, tool_groups)"
      ]
    },
    {
      name: "a need that nobody provides",
      text: "providers: { safety: [{ provider_id: s, provider_type: \"inline::needy\" }] }",
      issues: [
        "providers.safety[0]: \"s\" (inline::needy), a provider of safety, needs the API inference: add below providers " +
        "the line inference: [{ provider_id: openai, provider_type: \"remote::openai\" }]"
      ]
    },
    {
      name: "a need whose providers are all switched off",
      text: `providers:
  inference: [${openai("__disabled__")}]
  safety: [{ provider_id: s, provider_type: "inline::needy" }]`,
      issues: [
        "providers.safety[0]: \"s\" (inline::needy), a provider of safety, needs the API inference: add to the list " +
        "providers.inference the entry { provider_id: openai, provider_type: \"remote::openai\" }"
      ]
    },
    {
      name: "a need, not while its provider is not understood",
      text: `providers:
  inference: [{ provider_id: a }]
  safety: [{ provider_id: s, provider_type: "inline::needy" }]`,
      issues: [
        "providers.inference[0].provider_type: missing: say which provider this is, " +
        "for example provider_type: remote::openai"
      ]
    },
    {
      name: "everything at once",
      text: `server: { port: x }
apis: [sesions]
providers:
  inference:
    - ${openai("a", ", config: { api_key: \"${env.NONE}\", models: 3 }")}
    - { provider_id: b, provider_type: "remote::opneai" }
    - ${openai("a")}
registered_resources: { models: [{ model_id: m, provider_id: c, provider_model_id: x }] }`,
      issues: [
        "providers.inference[0].config.api_key: environment variable NONE is not set or empty: set it, or write ${env.NONE:=default} to go without",
        "server.port: expected a whole number from 0 to 65535, got \"x\"",
        "providers.inference[2].provider_id: \"a\" is already the provider_id of entry [0] of this list: give each its own",
        "providers.inference[0].config.models: expected a list of texts, or one text with commas, got a number",
        `providers.inference[1].provider_type: unknown type remote::opneai. Did you mean remote::openai? There is: ${known}.`,
        `apis[0]: there is no API sesions. Did you mean sessions? There is: ${own}.`,
        "registered_resources.models[0].provider_id: no inference provider in use is called c. There is: a, b."
      ]
    }
  ]

describe("ConfigurationCheck", () => {
  it.live.each(refused)("refuses $name", ({ issues, text }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual([...yield* Effect.flip(check(text))].sort(), [...issues].sort())
    }))

  const started = (text: string) =>
    Effect.map(check(text), ({ configuration, skipped }) => ({
      providers: Object.values(configuration.providers).flat().map(({ provider_id }) => provider_id),
      skipped: skipped.map(({ reason }) => reason)
    }))

  const both = `providers:
  inference: [${openai("vendor")}]
  safety: [{ provider_id: guard, provider_type: "inline::needy" }]`

  it.live.each([
    { name: "without apis, all", text: both, providers: ["vendor", "guard"], left: [] },
    {
      name: "of the APIs that are served",
      text: `apis: [inference]\n${both}`,
      providers: ["vendor"],
      left: ["guard: the API safety is not served: add it to apis to use this provider"]
    },
    { name: "of what they need too", text: `apis: [safety]\n${both}`, providers: ["vendor", "guard"], left: [] },
    {
      name: "of the API whose registry is served",
      text: `apis: [models]\n${both}`,
      providers: ["vendor"],
      left: ["guard: the API safety is not served: add it to apis to use this provider"]
    },
    {
      name: "none, where only what is recorded is served",
      text: `apis: [events]\n${both}`,
      providers: [],
      left: [
        "vendor: the API inference is not served: add it to apis to use this provider",
        "guard: the API safety is not served: add it to apis to use this provider"
      ]
    }
  ])("starts providers $name", ({ left, providers, text }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* started(text), { providers, skipped: left })
    }))

  it.live("does not load the module of an entry that is skipped, nor miss its API", () =>
    Effect.gen(function*() {
      const text = `providers:
  poems: [{ provider_id: "\${env.NONE:+poet}", provider_type: "inline::poet", module: ./none.mjs }]`
      const { providers, skipped } = yield* started(text)
      assert.deepStrictEqual(providers, [])
      assert.deepStrictEqual(skipped, ["provider_id ${env.NONE:+poet} is empty: set NONE to use this provider"])
    }))
})
