/** The models that Bedrock lists. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as BedrockModels from "../../../../src/providers/remote/bedrock/BedrockModels.ts"

describe("BedrockModels", () => {
  it.effect("lists those that answer in text when they are asked by their own id", () =>
    Effect.gen(function*() {
      const models = yield* BedrockModels.decode({
        modelSummaries: [
          {
            modelId: "a.one",
            modelName: "One",
            providerName: "A",
            inputModalities: ["TEXT", "IMAGE"],
            outputModalities: ["TEXT"],
            inferenceTypesSupported: ["ON_DEMAND"],
            responseStreamingSupported: true
          },
          { modelId: "a.profiled", inferenceTypesSupported: ["INFERENCE_PROFILE"] },
          { modelId: "a.vectors", outputModalities: ["EMBEDDING"] },
          { name: "nothing" }
        ]
      })
      assert.deepStrictEqual(models, [{
        id: "a.one",
        created: 0,
        owned_by: "A",
        info: { id: "a.one", display_name: "One", capabilities: ["streaming", "vision"] }
      }])
    }))

  it.effect("lists profiles", () =>
    Effect.gen(function*() {
      const models = yield* BedrockModels.decode({
        inferenceProfileSummaries: [{ inferenceProfileId: "eu.a.two", inferenceProfileName: "Two" }, 7]
      })
      assert.deepStrictEqual(models.map(({ id, info }) => [id, info?.display_name]), [["eu.a.two", "Two"]])
    }))

  it.effect("says what is no list", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(BedrockModels.decode([]))
      assert.include(message, "modelSummaries")
    }))
})
