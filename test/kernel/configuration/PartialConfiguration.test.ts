/** What is told of a file of which something else is not understood. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as ConfigurationCheck from "../../../src/kernel/configuration/ConfigurationCheck.ts"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import { readablePart } from "../../../src/kernel/configuration/PartialConfiguration.ts"
import { registry } from "../../../src/providers/Registry.ts"

const check = (text: string) =>
  ConfigurationFile.readText(text, "/nowhere/strata.yaml").pipe(
    Effect.flatMap((read) => ConfigurationCheck.check(read, registry, apis)),
    Effect.mapError(({ issues }) => issues.map(({ message, path }) => `${path}: ${message}`)),
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({})))
  )

const openai = (id: string) => `{ provider_id: ${id}, provider_type: "remote::openai" }`
const inferenceOf = (...entries: ReadonlyArray<string>) => `providers:\n  inference: [${entries.join(", ")}]\n`
const own = apis.own.map(({ name }) => name).join(", ")

const refused: ReadonlyArray<{ readonly name: string; readonly text: string; readonly issues: ReadonlyArray<string> }> =
  [
    {
      name: "an unknown API beside one that is no text",
      text: "apis: [sesions, 5]",
      issues: [
        "apis[1]: expected a text that is not empty, got 5",
        `apis[0]: there is no API sesions. Did you mean sessions? There is: ${own}.`
      ]
    },
    {
      name: "a module that is not there beside one that is no text",
      text: "modules: [5, ./none.mjs]",
      issues: [
        "modules[0]: expected a text that is not empty, got 5",
        "modules[1]: there is no file /nowhere/none.mjs: check the path; it is relative to the configuration file"
      ]
    },
    {
      name: "a model_id twice and an unknown provider, beside a model that is not understood",
      text: `${inferenceOf(openai("a"))}registered_resources:
  models:
    - { model_id: m, provider_id: zz, provider_model_id: x }
    - { model_id: "", provider_id: zz, provider_model_id: x }
    - { model_id: m, provider_id: a, provider_model_id: x }
    - { model_id: n, provider_id: a, provider_model_id: "" }`,
      issues: [
        "registered_resources.models[3].provider_model_id: expected a text that is not empty, got \"\"",
        "registered_resources.models[2].model_id: \"m\" is already the model_id of entry [0] of this list: give each its own",
        "registered_resources.models[0].provider_id: no inference provider in use is called zz. There is: a."
      ]
    },
    {
      name: "a model of a provider that is not understood only for the provider",
      text: `${
        inferenceOf("{ provider_id: a }", openai("__disabled__"), "{ provider_id: ~, provider_type: x }")
      }registered_resources:
  models:
    - { model_id: m, provider_id: a, provider_model_id: x }
    - { model_id: n, provider_id: b, provider_model_id: x }`,
      issues: [
        "providers.inference[0].provider_type: missing: say which provider this is, for example provider_type: remote::openai",
        "registered_resources.models[1].provider_id: no inference provider in use is called b. There is: a."
      ]
    },
    {
      name: "no model for its provider, while a provider's name is not known",
      text: `${inferenceOf(openai("\"${env.NONE}\""), openai("a"))}registered_resources:
  models: [{ model_id: m, provider_id: b, provider_model_id: x }]`,
      issues: [
        "providers.inference[0].provider_id: environment variable NONE is not set or empty: set it, or write ${env.NONE:=default} to go without"
      ]
    }
  ]

describe("PartialConfiguration", () => {
  it.effect.each(refused)("tells $name", ({ issues, text }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual([...yield* Effect.flip(check(text))].sort(), [...issues].sort())
    }))

  it("keeps what is understood at its place", () => {
    const entry = { provider_id: "b", provider_type: "t", config: {} }
    const found = readablePart({
      apis: [5, "inference"],
      modules: ["", "./a.ts"],
      providers: { inference: [{ provider_id: "a" }, entry], safety: 3, agents: [] }
    })
    assert.deepStrictEqual(found, {
      entries: [{ api: "inference", index: 1, entry }],
      complete: false,
      empty: ["agents"],
      listed: ["inference", "safety", "agents"],
      inference: ["a", "b"],
      apis: [{ index: 1, name: "inference" }],
      modules: [{ index: 1, name: "./a.ts" }],
      models: []
    })
  })
})
