/** A type from outside whose code throws is told as a problem of the configuration; one of ours is a bug to be seen. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Schema } from "effect"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { api, entry } from "../../support/StackWorld.ts"

const inference = api("inference")

const throws = () => {
  throw new Error("no such table")
}

const Config = Schema.Struct({ size: Schema.Finite })
const options = {
  api: inference,
  type: "inline::big",
  description: "",
  config: Config,
  requires: [],
  layer: () => Layer.effect(inference.slot, Effect.never)
} as const

const buggy = [
  { name: "Schema", type: Provider.make({ ...options, config: Config.check(Schema.makeFilter(throws)) }) },
  { name: "upstream", type: Provider.make({ ...options, upstream: throws }) }
]

const plan = (type: (typeof buggy)[number]["type"]) =>
  StackPlan.make([type], {
    providers: {
      inference: [{ ...entry("a", "inline::big", { size: 1 }), module: "./Big.ts" }, entry("b", "remote::other")]
    }
  })

describe("a type with a bug", () => {
  it.effect.each(buggy)(
    "from outside is told with everything else: its $name throws",
    ({ type }) =>
      Effect.gen(function*() {
        const { issues } = yield* Effect.flip(plan(Provider.external(type)))
        assert.deepStrictEqual(issues, [
          {
            kind: "InvalidConfig",
            path: "providers.inference[0].config",
            message: "the type inline::big of ./Big.ts has a bug and can't read its configuration: no such table. " +
              "Ask its author for a version that can."
          },
          {
            kind: "UnknownType",
            path: "providers.inference[1].provider_type",
            message: "unknown type remote::other. There is: inline::big."
          }
        ])
      })
  )

  it.effect.each(buggy)("of ours shows where it is: its $name throws", ({ type }) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(plan(type))
      assert(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }))
})
