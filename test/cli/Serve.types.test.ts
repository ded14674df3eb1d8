/** A server made of provider types in code carries how they fail and what they need: `tsc` reads these lines. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import * as Serve from "../../src/cli/Serve.ts"
import type { Settings } from "../../src/cli/Settings.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { OpenAi } from "../../src/providers/remote/openai/OpenAi.ts"

class Quarry extends Context.Service<Quarry, string>()("strata/test/cli/Serve.types.test/Quarry") {}
class NoLicense extends Schema.TaggedError<NoLicense>()("NoLicense", {}) {}

const Licensed = Provider.make({
  api: InferenceApi,
  type: "inline::licensed",
  description: "",
  config: Schema.Struct({}),
  requires: [],
  layer: () => Layer.effect(InferenceApi.slot, Effect.andThen(Quarry, Effect.fail(new NoLicense())))
})

const made = (settings: Settings) => Serve.server(settings, [Licensed, OpenAi])
const usual = (settings: Settings) => Serve.server(settings)
type Made = ReturnType<typeof made>
type Usual = ReturnType<typeof usual>

describe("Serve.server", () => {
  it("fails as its provider types do, besides how every server does", () => {
    expectTypeOf<Exclude<Layer.Error<Made>, Layer.Error<Usual>>>().toEqualTypeOf<NoLicense>()
  })

  it("needs what its provider types need, besides what every server does", () => {
    expectTypeOf<Exclude<Layer.Services<Made>, Layer.Services<Usual>>>().toEqualTypeOf<Quarry>()
  })
})
