/** APIs from outside: one that answers by itself, beside Strata's own services; and what the compiler refuses. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Models } from "../../../src/apis/models/Models.ts"
import * as ExternalApi from "../../../src/kernel/modules/ExternalApi.ts"
import * as ServedApi from "../../../src/kernel/modules/ServedApi.ts"
import { Http } from "../../support/Http.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { Strata } from "../../support/Strata.ts"

class Counter extends Context.Service<Counter, {
  readonly count: Effect.Effect<number>
}>()("strata/test/kernel/external/ExternalApi.test/Counter") {}

const group = HttpApiGroup.make("census")
  .add(HttpApiEndpoint.get("countModels", "/v1/census", { success: Schema.Struct({ models: Schema.Int }) }))

const layer = Layer.effect(
  Counter,
  Effect.map(Models, (models) => Counter.of({ count: Effect.orDie(Effect.map(models.list, (list) => list.length)) }))
)

const census = ExternalApi.alone({
  name: "census",
  group,
  handlers: Effect.fn(function*(handlers) {
    const counter = yield* Counter
    return handlers.handle("countModels", () => Effect.map(counter.count, (models) => ({ models })))
  }),
  layer
})

const openai = {
  provider_id: "a",
  provider_type: "remote::openai",
  config: { base_url: "http://127.0.0.1:9/v1", models: ["one", "two"] }
}

describe("ExternalApi.alone", () => {
  it.live("answers from what Strata's services know", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ providers: [openai], external: [census] })
      const { json, status } = yield* Http.send(strata.url, "/v1/census")
      assert.deepStrictEqual([status, json], [200, { models: 2 }])
      const [request] = yield* strata.events({ types: ["api:request"] })
      assert.include(request?.payload ?? "", "countModels")
    }))

  it.live("does not start where it is not served", () =>
    Effect.gen(function*() {
      const never: ExternalApi.ExternalApi = { ...census, layer: Layer.effectDiscard(Effect.die("started")) }
      const strata = yield* Strata.make({ external: [never], apis: ["events"] })
      assert.strictEqual((yield* Http.send(strata.url, "/v1/census")).status, 404)
      assert.strictEqual((yield* Http.send(strata.url, "/v1/events")).status, 200)
    }))
})

describe("what the compiler refuses", () => {
  const handlers = Effect.fn(function*(
    handlers: Parameters<Parameters<typeof ExternalApi.alone<typeof group, unknown, Counter, never>>[0]["handlers"]>[0]
  ) {
    yield* Counter
    return handlers.handle("countModels", () => Effect.succeed({ models: 1 }))
  })
  const made = [
    ExternalApi.alone({ name: "census", group, handlers, layer }),
    // @ts-expect-error the API and its group have one name
    ExternalApi.alone({ name: "consensus", group, handlers, layer }),
    // @ts-expect-error the handlers need a service that the layer does not give
    ExternalApi.alone({ name: "census", group, handlers, layer: Layer.empty }),
    // @ts-expect-error an endpoint has no handler
    ExternalApi.alone({ name: "census", group, handlers: (each) => each, layer }),
    ExternalApi.provided({
      name: "census",
      group,
      handlers,
      // @ts-expect-error the router makes another service than the handlers need
      router: { api: StackWorld.api("census"), layer: () => Layer.succeed(StackWorld.api("census").service, []) }
    })
  ]

  it("is made all the same: the check is the compiler's", () => {
    assert.strictEqual(made.length, 5)
    assert.deepStrictEqual(ServedApi.make({ groups: [census.group] }).external.map(({ id }) => id), ["countModels"])
  })
})
