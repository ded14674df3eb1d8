/** A server with an API from outside that can't start says whose fault it is, and which endpoints nobody answers. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import * as ApiHandlers from "../../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../../src/kernel/modules/ApiModule.ts"
import * as ModuleStart from "../../../src/kernel/modules/ModuleStart.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

class Counter extends Context.Service<Counter, number>()("strata/test/kernel/modules/ModuleStart.test/Counter") {}

const endpoint = <const Name extends string>(name: Name) =>
  HttpApiEndpoint.get(name, `/v1/census/${name}`, { success: Schema.Finite })
const group = HttpApiGroup.make("census").add(endpoint("people"), endpoint("houses"), endpoint("cats"))

const handlers = ApiHandlers.make(
  group,
  Effect.fn(function*(handlers) {
    const count = Effect.succeed(yield* Counter)
    return handlers.handle("people", () => count).handle("houses", () => count).handle("cats", () => count)
  })
)

const census = ApiModule.make({
  name: "census",
  routes: group,
  live: () => Promise.resolve({ live: ApiModule.live({ handlers, layer: Layer.succeed(Counter, 3) }) })
})

interface Refused {
  readonly handlers?: (handlers: Handlers) => unknown
  readonly layer?: unknown
  readonly live?: () => Promise<unknown>
}

/** What a person reads; the compiler refuses it, JavaScript does not. */
const refusal = ({ handlers = complete.handlers, layer, live }: Refused) =>
  Effect.gen(function*() {
    const made = { handlers: ApiHandlers.make(group, handlers as never), layer }
    const api = { ...census, live: live ?? (() => Promise.resolve({ live: made })) }
    const exit = yield* Effect.exit(Strata.make({ external: [api as never] }))
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
    { name: "a layer that throws", says: "its layer: no table", ...complete, layer: throws },
    { name: "a live that fails", says: "its live: no table", live: () => Promise.reject(new Error("no table")) },
    { name: "a live that throws", says: "its live: no table", live: throws },
    {
      name: "a live without handlers",
      says: "its live: the file exports no live: export const live = ApiModule.live({ handlers, layer })",
      live: () => Promise.resolve({ live: {} })
    }
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
