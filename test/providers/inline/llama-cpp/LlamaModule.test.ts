import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as LlamaModule from "../../../../src/providers/inline/llama-cpp/LlamaModule.ts"

describe("LlamaModule", () => {
  it.effect("says how to install what is not there", () =>
    Effect.gen(function*() {
      for (const attempt of [LlamaModule.requireInstalled("no-such-package"), LlamaModule.load("no-such-package")]) {
        const { message } = yield* Effect.flip(attempt)
        assert.include(message, `npm install no-such-package@${LlamaModule.version}`)
      }
    }))

  it.effect("does not believe another package", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(LlamaModule.load("yaml"))
      assert.include(message, "is not what it was")
    }))
})
