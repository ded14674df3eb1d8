/** A real model in this process keeps the contract of all that makes embeddings. */
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { embeddingContract } from "../../../support/embeddingContract.ts"
import { TinyModel } from "../../../support/TinyModel.ts"

const config = { model_path: TinyModel.path, gpu: "off" }

describe.skipIf(!TinyModel.available)(`inline::llama-cpp ${TinyModel.reason}`, () => {
  embeddingContract({
    name: "inline::llama-cpp",
    takesTokens: false,
    start: Effect.succeed({
      options: { providers: [{ provider_id: "local", provider_type: "inline::llama-cpp", config }] },
      model: "local/stories260K",
      dimensions: 64
    })
  })
})
