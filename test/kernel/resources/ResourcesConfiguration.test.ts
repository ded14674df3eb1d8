/** `registered_resources`: what an entry says, and when it is left out. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { ModelEntry } from "../../../src/kernel/resources/ResourcesConfiguration.ts"
import { isSwitchedOff, RegisteredResources } from "../../../src/kernel/resources/ResourcesConfiguration.ts"

const model: ModelEntry = { model_id: "fast", provider_id: "openai", provider_model_id: "gpt-4o-mini" }

describe("registered_resources.models", () => {
  it.each([
    { name: "a whole entry", entry: model, off: false },
    { name: "an entry without a model_id", entry: { ...model, model_id: "" }, off: true },
    { name: "an entry without a provider_id", entry: { ...model, provider_id: "" }, off: true },
    { name: "an entry of a disabled provider", entry: { ...model, provider_id: "__disabled__" }, off: true }
  ])("$name is left out: $off", ({ entry, off }) => {
    assert.strictEqual(isSwitchedOff(entry), off)
  })

  it("nothing as an id is the empty one, and two of these are no duplicates", () => {
    const none = { ...model, model_id: null }
    const { models } = Schema.decodeSync(RegisteredResources)({ models: [none, none] })
    assert.deepStrictEqual(models.map(({ model_id }) => model_id), ["", ""])
  })
})
