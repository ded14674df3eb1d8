/** The provider instances of a plan, with their health; and the provider types there are. */
import { Effect, Layer } from "effect"
import { Inspect } from "../apis/inspect/Inspect.ts"
import { ProviderNotFound, Providers } from "../apis/providers/Providers.ts"
import type { Provider } from "../apis/providers/ProvidersModels.ts"
import { version } from "../apis/Version.ts"
import type { PlannedProvider } from "./PlannedProvider.ts"
import type { AnyDefinition } from "./Provider.ts"
import { ProviderHealth } from "./ProviderHealth.ts"
import { providerInfo } from "./ProviderInfo.ts"
import { shownProvider } from "./ShownProvider.ts"
import type { StackPlan } from "./StackPlan.ts"
import { StartTimes } from "./StartTimes.ts"

export const layer = ({ providers: planned, registry }: StackPlan<ReadonlyArray<AnyDefinition>>) =>
  Layer.effect(
    Providers,
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      const times = yield* StartTimes
      const show = (each: PlannedProvider): Provider => ({
        ...shownProvider(each, planned, times.get),
        health: health.get(each.provider_id)
      })
      return Providers.of({
        list: Effect.sync(() => planned.map(show)),
        types: registry.map(providerInfo),
        get: (id) => {
          const found = planned.find(({ provider_id }) => provider_id === id)
          return found === undefined
            ? Effect.fail(new ProviderNotFound({ provider_id: id }))
            : Effect.sync(() => show(found))
        }
      })
    })
  )

export const layerInspect = Layer.effect(
  Inspect,
  Effect.map(Providers, (providers) =>
    Inspect.of({
      version,
      health: Effect.map(providers.list, (list) => ({
        status: list.some(({ health }) => health.status === "unhealthy") ? "degraded" as const : "ok" as const,
        providers: list.map(({ health, provider_id }) => ({ provider_id, status: health.status }))
      }))
    }))
)
