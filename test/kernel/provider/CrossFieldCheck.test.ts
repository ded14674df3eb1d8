/** Rules between the fields of a provider's configuration: told together with what is wrong with single fields. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as CrossFieldCheck from "../../../src/kernel/provider/CrossFieldCheck.ts"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { api, entry } from "../../support/StackWorld.ts"

const inference = api("inference")
const Config = Schema.Struct({ user: Schema.optionalKey(Schema.String), retries: Schema.optionalKey(Schema.Int) }).pipe(
  CrossFieldCheck.annotate(({ user }) => user === undefined ? [{ key: "user", message: "missing: say who asks" }] : [])
)
const vendor = Provider.make({
  api: inference,
  type: "remote::vendor",
  description: "",
  config: Config,
  requires: [],
  layer: () => Layer.effect(inference.slot, Effect.never)
})

const plan = (config: Schema.JsonObject) =>
  StackPlan.make([vendor], { providers: { inference: [entry("a", "remote::vendor", config)] } })

describe("ConfigRule", () => {
  it.effect.each([
    { name: "alone", config: {}, paths: ["user"] },
    { name: "with a wrong field", config: { retries: "x" }, paths: ["retries", "user"] },
    { name: "with an unknown field", config: { usr: "x" }, paths: ["usr", "user"] },
    { name: "with a flag that is none", config: { debug: "maybe" }, paths: ["debug", "user"] }
  ])("is told $name", ({ config, paths }) =>
    Effect.gen(function*() {
      const { issues } = yield* Effect.flip(plan(config))
      assert.deepStrictEqual(
        issues.map(({ path }) => path),
        paths.map((each) => `providers.inference[0].config.${each}`)
      )
      assert.strictEqual(issues.at(-1)?.message, "missing: say who asks")
    }))

  it.effect("is silent where it is kept", () =>
    Effect.gen(function*() {
      const { providers } = yield* plan({ user: "ada", retries: 2 })
      assert.deepStrictEqual(providers[0]?.config, { user: "ada", retries: 2 })
    }))

  it("leaves the fields to be asked for as they are", () => {
    assert.deepStrictEqual(FieldPrompt.configFields(vendor).map(({ id }) => id), ["user", "retries"])
  })
})
