/** A server with an API from outside that can't start says whose fault it is, and which endpoints nobody answers. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import * as ExternalApi from "../../../src/kernel/modules/ExternalApi.ts"
import * as ModuleStart from "../../../src/kernel/modules/ModuleStart.ts"
import { Http } from "../../support/Http.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { Strata } from "../../support/Strata.ts"

class Counter extends Context.Service<Counter, number>()("strata/test/kernel/external/ExternalApiStart.test/Counter") {}

const endpoint = <const Name extends string>(name: Name) =>
  HttpApiEndpoint.get(name, `/v1/census/${name}`, { success: Schema.Finite })
const group = HttpApiGroup.make("census").add(endpoint("people"), endpoint("houses"), endpoint("cats"))

const census = ExternalApi.alone({
  name: "census",
  group,
  handlers: Effect.fn(function*(handlers) {
    const count = Effect.succeed(yield* Counter)
    return handlers.handle("people", () => count).handle("houses", () => count).handle("cats", () => count)
  }),
  layer: Layer.succeed(Counter, 3)
})

/** What a person reads; the compiler refuses it, JavaScript does not. */
const refusal = (options: object) =>
  Effect.gen(function*() {
    const all = { name: "census", group, layer: Layer.succeed(Counter, 3), ...options } as never
    const api = "router" in options ? ExternalApi.provided(all) : ExternalApi.alone(all)
    const exit = yield* Effect.exit(Strata.make({ external: [api] }))
    assert(Exit.isFailure(exit))
    const error = Cause.squash(exit.cause)
    assert(error instanceof ModuleStart.ExternalApiNotStarted)
    return error.message
  })

interface Handlers {
  handle(name: string, handler: () => Effect.Effect<number>): this
}
const throws = () => {
  throw new Error("no table.")
}
const whole = { handlers: (handlers: Handlers) => handlers }
const complete = {
  handlers: (handlers: Handlers) =>
    ["people", "houses", "cats"].reduce((sum, name) => sum.handle(name, () => Effect.succeed(1)), handlers)
}

const world = StackWorld.api("census")

describe("an API from outside", () => {
  it.live("starts when every endpoint has its handler", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ external: [census] })
      assert.strictEqual((yield* Http.send(strata.url, "/v1/census/cats")).text, "3")
    }))

  it.live.each([
    { name: "no handlers", says: "there is no handler for people, houses, cats", ...whole },
    {
      name: "some handlers",
      says: "there is no handler for people, cats",
      handlers: (handlers: Handlers) => Effect.succeed(handlers.handle("houses", () => Effect.succeed(1)))
    },
    { name: "something else", says: "its handlers: the function gives something else", handlers: () => 5 },
    { name: "handlers that throw", says: "its handlers: no table", handlers: throws },
    { name: "handlers that fail", says: "its handlers: no table", handlers: () => Effect.fail("no table") },
    {
      name: "a layer that fails",
      says: "its layer: no table",
      ...complete,
      layer: Layer.effectDiscard(Effect.fail("no table"))
    },
    {
      name: "a layer that dies",
      says: "its layer: no table",
      ...complete,
      layer: Layer.effectDiscard(Effect.sync(throws))
    },
    { name: "a router that throws", says: "its router: no table", ...complete, router: { api: world, layer: throws } }
  ])("does not start with $name", ({ name: _name, says, ...options }) =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* refusal(options),
        `The API census, which a module brings, can't start: ${says}. ` +
          "Ask its author for a version that can, or take the module out of the configuration."
      )
    }))
})

describe("ExternalApiStart.layer", () => {
  it.effect("is interrupted as every Layer is", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(
        Layer.build(ModuleStart.layer("census", "layer", () => Layer.effectDiscard(Effect.interrupt)))
      )
      assert(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
    }))
})
