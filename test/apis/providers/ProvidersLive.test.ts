/** The instances of a plan are shown with their health, without their secrets. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Inspect } from "../../../src/apis/inspect/Inspect.ts"
import * as InspectLive from "../../../src/apis/inspect/InspectLive.ts"
import { Providers } from "../../../src/apis/providers/Providers.ts"
import * as ProvidersLive from "../../../src/apis/providers/ProvidersLive.ts"
import { version } from "../../../src/kernel/http/Version.ts"
import type { PlannedProvider } from "../../../src/kernel/provider/PlannedProvider.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import { providerInfo } from "../../../src/kernel/provider/ProviderInfo.ts"
import { StartTimes } from "../../../src/kernel/provider/StartTimes.ts"
import { CurrentPlan } from "../../../src/kernel/stack/CurrentPlan.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import { WorkDatabase } from "../../../src/kernel/work/WorkDatabase.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { planned } from "../../support/PlannedProvider.ts"
import { api } from "../../support/StackWorld.ts"

const vendor = (provider_id: string, api = "inference"): PlannedProvider => ({
  ...planned(provider_id, { api_key: "sk-1", base_url: "u" }),
  api
})
const old = Provider.make({
  api: api("safety"),
  type: "inline::old",
  description: "Checks words.",
  config: Schema.Struct({}),
  requires: [api("inference")],
  optional: [api("files")],
  deprecated: { warning: "Use inline::new." },
  layer: () => Layer.effect(api("safety").slot, Effect.never)
})
const upstream = vendor("b")
const [a, b] = [vendor("a"), { ...vendor("b"), upstream }]
const guard: PlannedProvider = {
  ...planned("guard"),
  api: "safety",
  provider_type: "inline::old",
  definition: old,
  required: true
}
const times = new Map([[a, { time: 1000, duration: 2.5 }], [upstream, { time: 1001, duration: 1 }]])

const plan = { providers: [a, b, guard], registry: [a.definition, old] }

const services = Layer.mergeAll(ProvidersLive.layer, InspectLive.layer).pipe(
  Layer.provide(Layer.succeed(CurrentPlan, plan)),
  Layer.provideMerge(ProviderHealth.layer),
  Layer.provide(Layer.succeed(StartTimes, { get: (each) => times.get(each) })),
  Layer.provide(Work.layer.pipe(Layer.provide(WorkDatabase.none))),
  Layer.provide(MemoryHub.layer)
)

const unknown = { status: "unknown", message: null, checked_at: null }
const shown = (provider_id: string, more: object = {}) => ({
  api: "inference",
  provider_id,
  provider_type: "remote::vendor",
  config: { api_key: "[REDACTED]", base_url: "u" },
  health: unknown,
  reliability: null,
  required: false,
  dependencies: [],
  upstreams: [],
  started: null,
  deprecation: null,
  ...more
})
const shownA = shown("a", { started: { time: 1000, duration_ms: 2.5 } })
const upstreams = [{ provider_type: "remote::vendor", started: { time: 1001, duration_ms: 1 } }]
const shownGuard = {
  ...shown("guard"),
  api: "safety",
  provider_type: "inline::old",
  config: {},
  required: true,
  dependencies: [
    { api: "inference", optional: false, provider_ids: ["a", "b"] },
    { api: "files", optional: true, provider_ids: [] }
  ],
  deprecation: "Use inline::new."
}

describe("ProvidersLive", () => {
  it.effect("lists the instances in the order of the plan, each with its health as it is now", () =>
    Effect.gen(function*() {
      const providers = yield* Providers
      const health = yield* ProviderHealth
      assert.deepStrictEqual<unknown>(yield* providers.list, [shownA, shown("b", { upstreams }), shownGuard])
      yield* health.unhealthy(vendor("b"), "refused")
      assert.deepStrictEqual<unknown>(
        yield* providers.get("b"),
        shown("b", { upstreams, health: { status: "unhealthy", message: "refused", checked_at: 0 } })
      )
      assert.deepStrictEqual<unknown>(yield* providers.get("a"), shownA)
    }).pipe(Effect.provide(services)))

  it.effect("lists the provider types, the unused ones among them", () =>
    Effect.gen(function*() {
      const { types } = yield* Providers
      assert.deepStrictEqual(yield* types, [a.definition, old].map(providerInfo))
    }).pipe(Effect.provide(services)))

  it.effect("does not know an instance that is not planned", () =>
    Effect.gen(function*() {
      const providers = yield* Providers
      const error = yield* Effect.flip(providers.get("c"))
      assert.deepStrictEqual([error._tag, error.provider_id], ["ProviderNotFound", "c"])
    }).pipe(Effect.provide(services)))

  it.effect("finds an instance of an API by its id, where another API has one of that id", () =>
    Effect.gen(function*() {
      const providers = yield* Providers
      assert.strictEqual((yield* providers.get("guard", "safety")).api, "safety")
      assert.strictEqual((yield* Effect.flip(providers.get("guard", "inference")))._tag, "ProviderNotFound")
    }).pipe(Effect.provide(services)))

  it.effect("is degraded while a provider that is required is unhealthy, and not for the others", () =>
    Effect.gen(function*() {
      const inspect = yield* Inspect
      const health = yield* ProviderHealth
      assert.strictEqual(inspect.version, version)
      assert.strictEqual((yield* inspect.health).status, "ok")
      yield* health.unhealthy(vendor("b"), "refused")
      assert.strictEqual((yield* inspect.health).status, "ok")
      yield* health.unhealthy(vendor("guard", "safety"), "refused")
      assert.deepStrictEqual<unknown>(yield* inspect.health, {
        status: "degraded",
        log: "ok",
        providers: [
          { api: "inference", provider_id: "a", status: "unknown", required: false },
          { api: "inference", provider_id: "b", status: "unhealthy", required: false },
          { api: "safety", provider_id: "guard", status: "unhealthy", required: true }
        ],
        work: { oldest_queued_ms: null }
      })
      yield* health.healthy(vendor("guard", "safety"))
      assert.strictEqual((yield* inspect.health).status, "ok")
    }).pipe(Effect.provide(services)))
})
