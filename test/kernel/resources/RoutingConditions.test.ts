/** Conditions of a configuration are checked before anything starts, each at its place. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as ConfigurationCheck from "../../../src/kernel/configuration/ConfigurationCheck.ts"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import * as RoutingConditions from "../../../src/kernel/resources/RoutingConditions.ts"
import { registry } from "../../../src/providers/Registry.ts"

const configuration = (when: string) => `
providers:
  inference: [{ provider_id: a, provider_type: "remote::openai", config: { models: [m] } }]
registered_resources:
  models:
    - model_id: fast
      provider_id: a
      provider_model_id: m
      routing: { targets: [{ model: a/m }, { model: a/m2, when: "${when}" }] }
`

const check = (when: string) =>
  Effect.flatMap(
    ConfigurationFile.readText(configuration(when), "strata.yaml"),
    (read) => ConfigurationCheck.check(read, registry, apis)
  )

describe("conditions of a configuration", () => {
  it.effect("are taken where nothing is wrong with them", () =>
    Effect.gen(function*() {
      const { configuration } = yield* check("request.stream && price['a/m'].input < 5.0")
      assert.strictEqual(configuration.registered_resources.models.length, 1)
    }))

  it.effect("are refused at their place, with column and remedy", () =>
    Effect.gen(function*() {
      const { issues } = yield* Effect.flip(check("request.strem"))
      assert.deepStrictEqual(issues.map(({ path }) => path), ["registered_resources.models[0].routing.targets[1].when"])
      assert.include(issues[0]?.message, "column 8: request has no field strem. Did you mean stream?")
    }))

  it.effect("are compiled once for a routing", () =>
    Effect.gen(function*() {
      const routing = { targets: [{ model: "a", when: "request.stream" }, { model: "b" }] } as const
      assert.strictEqual(yield* RoutingConditions.compile(routing), yield* RoutingConditions.compile(routing))
      assert.deepStrictEqual(yield* RoutingConditions.issues(routing), [])
    }))
})
