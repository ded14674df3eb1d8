import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as LlamaStackFile from "../../../src/kernel/configuration/LlamaStackFile.ts"

const apis = new Set(["inference"])
const openai = { provider_id: "openai", provider_type: "remote::openai" }

describe("LlamaStackFile", () => {
  it.each<readonly [Schema.Json, boolean]>([
    [{ version: 2 }, true],
    [{ version: "2" }, true],
    [{ image_name: "starter" }, true],
    [{ distribution_spec: {} }, true],
    [{ version: 1, providers: {} }, false],
    [{}, false],
    [null, false],
    [[{ version: 2 }], false]
  ])("is %j: %s", (tree, expected) => assert.strictEqual(LlamaStackFile.isOne(tree), expected))

  it("is what Strata serves of it, and names the rest", () => {
    const { leftOut, tree } = LlamaStackFile.translate({
      version: 2,
      image_name: "starter",
      apis: ["inference", "safety"],
      providers: { inference: [openai], safety: [{ provider_id: "g", provider_type: "inline::llama-guard" }] },
      storage: { backends: {} },
      registered_resources: { models: [{ model_id: "m" }], shields: [{ shield_id: "s" }], datasets: [] },
      server: { port: 8321, host: null, auth: { provider_config: {} }, workers: 4 },
      telemetry: null,
      vector_dbs: []
    }, apis)
    assert.deepStrictEqual<unknown>(tree, {
      version: 1,
      providers: { inference: [openai] },
      registered_resources: { models: [{ model_id: "m" }] },
      // Who may ask is never left out: the Schema says what of it can't be.
      server: { port: 8321, auth: { provider_config: {} } }
    })
    assert.deepStrictEqual(leftOut, ["providers.safety", "registered_resources.shields", "server.workers", "storage"])
  })

  it("takes the models at the top of earlier files", () => {
    const { leftOut, tree } = LlamaStackFile.translate({
      image_name: "ollama",
      models: [{ model_id: "m" }],
      shields: [{ shield_id: "s" }]
    }, apis)
    assert.deepStrictEqual<unknown>(tree["registered_resources"], { models: [{ model_id: "m" }] })
    assert.deepStrictEqual(leftOut, ["shields"])
  })
})
