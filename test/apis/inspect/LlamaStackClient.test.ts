/** Llama Stack's client reads what a server is and what it has, by the paths of before and those of its admin. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient, NotFoundError } from "llama-stack-client"
import { ask } from "../../support/FilesWorld.ts"
import * as World from "../../support/ResponsesWorld.ts"

const provider = { provider_id: "upstream", api: "inference", provider_type: "remote::openai" }

describe("Llama Stack's client", () => {
  it.live("reads health, version, routes and providers", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      const { alpha: { admin }, inspect, providers, routes } = new LlamaStackClient({
        baseURL: strata.url,
        apiKey: "key",
        maxRetries: 0
      })
      for (const each of [inspect, admin]) {
        assert.strictEqual((yield* ask(() => each.health())).status as string, "ok")
        assert.match((yield* ask(() => each.version())).version, /^\d+\.\d+\.\d+/)
      }
      for (const list of [yield* ask(() => routes.list()), yield* ask(() => admin.listRoutes())]) {
        assert.isTrue(list.some(({ method, route }) => method === "POST" && route === "/v1/responses"))
      }
      for (const list of [yield* ask(() => providers.list()), yield* ask(() => admin.listProviders())]) {
        assert.deepInclude(list.find(({ api }) => api === "inference"), provider)
      }
      assert.deepInclude(yield* ask(() => providers.retrieve("upstream")), provider)
      assert.deepInclude(yield* ask(() => admin.inspectProvider("upstream")), provider)
      assert.instanceOf((yield* Effect.flip(ask(() => providers.retrieve("nobody")))).cause, NotFoundError)
    }).pipe(Effect.scoped))
})
