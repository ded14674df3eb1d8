/** The limit has a default that every vendor takes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { defaults } from "../../../src/kernel/configuration/Configuration.ts"
import { mostByDefault, MostInputFileBytes } from "../../../src/kernel/http/MostInputFileBytes.ts"

describe("MostInputFileBytes", () => {
  it.effect("is what a configuration has where it says nothing", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* MostInputFileBytes, mostByDefault)
      assert.strictEqual(defaults.server.max_input_file_bytes, mostByDefault)
    }))
})
