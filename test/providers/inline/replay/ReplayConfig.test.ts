/** What a person reads when `inline::replay` is configured wrongly, and what is taken. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import type { Schema } from "effect"
import * as ConfigurationFile from "../../../../src/kernel/configuration/ConfigurationFile.ts"
import * as StackPlan from "../../../../src/kernel/stack/StackPlan.ts"
import { registry } from "../../../../src/providers/Registry.ts"

const plan = (...configs: ReadonlyArray<Schema.JsonObject>) =>
  StackPlan.make(registry, {
    providers: {
      inference: configs.map((config, index) => ({
        provider_id: `p${index}`,
        provider_type: "inline::replay",
        config
      }))
    }
  })

const openAi = (config: Schema.JsonObject = {}) => ({ provider_type: "remote::openai", config })
const place = "providers.inference[0].config"

const refused: ReadonlyArray<{ readonly name: string; readonly config: Schema.JsonObject; readonly told: string }> = [
  {
    name: "a mode there is none of",
    config: { mode: "record_if_missing" },
    told: `${place}.mode: expected replay, record, record-if-missing or live, got a string`
  },
  {
    name: "two sources",
    config: { session: "s", file: "f" },
    told:
      `${place}.file: there is a session too: name one source of recordings, or none for all this provider has recorded`
  },
  ...["record", "record-if-missing", "live"].map((mode) => ({
    name: `the mode ${mode} without an upstream`,
    config: { mode },
    told: `${place}.upstream: missing: the mode ${mode} asks an upstream. Name it, for example ` +
      "upstream: { provider_type: remote::openai, config: { api_key: ... } }, or use the mode replay"
  })),
  {
    name: "an upstream without a type",
    config: { mode: "live", upstream: { config: {} } },
    told:
      `${place}.upstream.provider_type: missing: say which provider this is, for example provider_type: remote::openai`
  },
  {
    name: "an upstream of an unknown type",
    config: { mode: "live", upstream: { provider_type: "remote::open-ai" } },
    told: `${place}.upstream.provider_type: unknown type remote::open-ai. Did you mean remote::openai? ` +
      `There is: ${registry.filter(({ api }) => api.name === "inference").map(({ type }) => type).join(", ")}.`
  },
  {
    name: "a wrong value of an upstream, which it does not show",
    config: { mode: "live", upstream: openAi({ api_key: 12345 }) },
    told: `${place}.upstream.config.api_key: expected a text, got a number: put it in quotes`
  },
  {
    name: "no room for recordings",
    config: { max_recordings: 0 },
    told: `${place}.max_recordings: expected a whole number from 1 to 9007199254740991, got a number`
  }
]

const environment = (values: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnvRecord(values))

/** As the README has it. */
const yaml = `
providers:
  inference:
    - provider_id: openai
      provider_type: inline::replay
      config:
        mode: \${env.STRATA_REPLAY_MODE:=replay}
        upstream:
          provider_type: remote::openai
          config:
            api_key: \${env.OPENAI_API_KEY:=}
`

describe("the configuration of inline::replay", () => {
  it.effect.each(refused)("refuses $name", ({ config, told }) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(plan(config))).message, told)
    }))

  it.effect("tells all that is wrong in several instances at once", () =>
    Effect.gen(function*() {
      const { issues } = yield* Effect.flip(plan({ mode: "live" }, { mode: "live", upstream: openAi({ patience: 1 }) }))
      assert.deepStrictEqual(issues.map(({ path }) => path), [
        "providers.inference[0].config.upstream",
        "providers.inference[1].config.upstream.config.patience"
      ])
    }))

  it.effect("tells a missing upstream together with what is wrong elsewhere", () =>
    Effect.gen(function*() {
      const { issues } = yield* Effect.flip(plan({ mode: "live", max_recordings: 0, session: 5, file: "f" }))
      assert.deepStrictEqual(issues.map(({ path }) => path), [
        `${place}.session`,
        `${place}.max_recordings`,
        `${place}.file`,
        `${place}.upstream`
      ])
    }))

  it.effect("takes the mode and the upstream's key from the environment, and needs neither to replay", () =>
    Effect.gen(function*() {
      const load = (values: Record<string, string>) =>
        ConfigurationFile.parse(yaml, "strata.yaml").pipe(
          Effect.provide(environment(values)),
          Effect.flatMap(({ configuration }) => StackPlan.make(registry, configuration)),
          Effect.map(({ providers: [planned] }) => planned)
        )
      const replaying = yield* load({})
      assert.deepInclude(replaying?.config, { mode: "replay" })
      assert.isUndefined(replaying?.upstream)
      const recording = yield* load({ STRATA_REPLAY_MODE: "record", OPENAI_API_KEY: "sk-from-the-environment" })
      assert.deepInclude(recording?.config, { mode: "record" })
      assert.deepInclude(recording?.upstream, {
        provider_id: "openai",
        provider_type: "remote::openai",
        written: { api_key: "sk-from-the-environment" }
      })
    }))

  it.effect("does not look at an upstream in mode replay", () =>
    Effect.gen(function*() {
      const { providers } = yield* plan({ upstream: { provider_type: "remote::nothing", config: { api_key: 1 } } })
      assert.isUndefined(providers[0]?.upstream)
    }))
})
