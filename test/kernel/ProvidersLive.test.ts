/** The instances of a plan are shown with their health, without their secrets. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Inspect } from "../../src/apis/inspect/Inspect.ts"
import { Providers } from "../../src/apis/providers/Providers.ts"
import { version } from "../../src/apis/Version.ts"
import { ProviderHealth } from "../../src/kernel/ProviderHealth.ts"
import * as ProvidersLive from "../../src/kernel/ProvidersLive.ts"
import * as MemoryHub from "../support/MemoryHub.ts"
import { planned } from "../support/PlannedProvider.ts"

const vendor = (provider_id: string) => planned(provider_id, { api_key: "sk-1", base_url: "u" })

const services = ProvidersLive.layerInspect.pipe(
  Layer.provideMerge(ProvidersLive.layer([vendor("a"), vendor("b")])),
  Layer.provideMerge(ProviderHealth.layer),
  Layer.provide(MemoryHub.layer)
)

const shown = (provider_id: string, health: object) => ({
  api: "inference",
  provider_id,
  provider_type: "remote::vendor",
  config: { api_key: "[REDACTED]", base_url: "u" },
  health
})

describe("ProvidersLive", () => {
  it.effect("lists the instances in the order of the plan, each with its health as it is now", () =>
    Effect.gen(function*() {
      const providers = yield* Providers
      const health = yield* ProviderHealth
      const unknown = { status: "unknown", message: null }
      assert.deepStrictEqual<unknown>(yield* providers.list, [shown("a", unknown), shown("b", unknown)])
      yield* health.unhealthy(vendor("b"), "refused")
      assert.deepStrictEqual<unknown>(
        yield* providers.get("b"),
        shown("b", { status: "unhealthy", message: "refused" })
      )
      assert.deepStrictEqual<unknown>(yield* providers.get("a"), shown("a", unknown))
    }).pipe(Effect.provide(services)))

  it.effect("does not know an instance that is not planned", () =>
    Effect.gen(function*() {
      const providers = yield* Providers
      const error = yield* Effect.flip(providers.get("c"))
      assert.deepStrictEqual([error._tag, error.provider_id], ["ProviderNotFound", "c"])
    }).pipe(Effect.provide(services)))

  it.effect("is degraded while a provider is unhealthy", () =>
    Effect.gen(function*() {
      const inspect = yield* Inspect
      const health = yield* ProviderHealth
      assert.strictEqual(inspect.version, version)
      assert.strictEqual((yield* inspect.health).status, "ok")
      yield* health.unhealthy(vendor("b"), "refused")
      assert.deepStrictEqual<unknown>(yield* inspect.health, {
        status: "degraded",
        providers: [{ provider_id: "a", status: "unknown" }, { provider_id: "b", status: "unhealthy" }]
      })
      yield* health.healthy(vendor("b"))
      assert.strictEqual((yield* inspect.health).status, "ok")
    }).pipe(Effect.provide(services)))
})
