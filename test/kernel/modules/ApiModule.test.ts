/** APIs from outside: one that answers by itself, beside Strata's own services; and what the compiler refuses. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Models } from "../../../src/apis/models/Models.ts"
import * as ApiHandlers from "../../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../../src/kernel/modules/ApiModule.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

class Counter extends Context.Service<Counter, {
  readonly count: Effect.Effect<number>
}>()("strata/test/kernel/modules/ApiModule.test/Counter") {}

const group = HttpApiGroup.make("census")
  .add(HttpApiEndpoint.get("countModels", "/v1/census", { success: Schema.Struct({ models: Schema.Int }) }))

const layer = Layer.effect(
  Counter,
  Effect.map(Models, (models) => Counter.of({ count: Effect.orDie(Effect.map(models.list, (list) => list.length)) }))
)

const handlers = ApiHandlers.make(
  group,
  Effect.fn(function*(handlers) {
    const counter = yield* Counter
    return handlers.handle("countModels", () => Effect.map(counter.count, (models) => ({ models })))
  })
)

const census = ApiModule.make({
  name: "census",
  routes: group,
  live: () => Promise.resolve({ live: ApiModule.live({ handlers, layer }) })
})

const openai = {
  provider_id: "a",
  provider_type: "remote::openai",
  config: { base_url: "http://127.0.0.1:9/v1", models: ["one", "two"] }
}

describe("an API from outside", () => {
  it.live("answers from what Strata's services know", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ providers: [openai], external: [census] })
      const { json, status } = yield* Http.send(strata.url, "/v1/census")
      assert.deepStrictEqual([status, json], [200, { models: 2 }])
      const [request] = Strata.ofClients(yield* strata.events({ types: ["api:request"] }))
      assert.include(request?.payload ?? "", "countModels")
    }))

  it.live("does not start where it is not served", () =>
    Effect.gen(function*() {
      const never = { ...census, live: () => Promise.reject(new Error("it was loaded")) }
      const strata = yield* Strata.make({ external: [never], apis: ["events"] })
      assert.strictEqual((yield* Http.send(strata.url, "/v1/census")).status, 404)
      assert.strictEqual((yield* Http.send(strata.url, "/v1/events")).status, 200)
    }))
})

describe("what the compiler refuses", () => {
  const live = () => Promise.resolve({ live: ApiModule.live({ handlers, layer }) })
  const made = [
    ApiModule.make({ name: "census", routes: group, live }),
    // @ts-expect-error the API and its group have one name
    ApiModule.make({ name: "consensus", routes: group, live }),
    // @ts-expect-error an endpoint has no handler
    ApiHandlers.make(group, (each) => each)
  ]

  it("is made all the same: the check is the compiler's", () => {
    assert.strictEqual(made.length, 3)
  })

  it("says what handlers need that the layer does not give", () => {
    const alone = ApiModule.live({ handlers })
    const needs: typeof alone["~Needs"] | undefined = undefined as Counter | undefined
    const whole = ApiModule.live({ handlers, layer })
    const rest: typeof whole["~Needs"] | undefined = undefined as Models | undefined
    assert.deepStrictEqual([needs, rest], [undefined, undefined])
  })
})
