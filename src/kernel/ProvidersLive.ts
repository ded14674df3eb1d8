/** The provider instances of a plan, with their health. */
import { Effect, Layer } from "effect"
import { Inspect } from "../apis/inspect/Inspect.ts"
import { ProviderNotFound, Providers } from "../apis/providers/Providers.ts"
import type { Provider } from "../apis/providers/ProvidersModels.ts"
import { version } from "../apis/Version.ts"
import { ProviderHealth } from "./ProviderHealth.ts"
import { shownConfig } from "./ProviderRegistration.ts"
import type { PlannedProvider } from "./StackPlan.ts"

export const layer = (planned: ReadonlyArray<PlannedProvider>) =>
  Layer.effect(
    Providers,
    Effect.map(ProviderHealth, (health) => {
      const show = (each: PlannedProvider): Provider => ({
        api: each.api,
        provider_id: each.provider_id,
        provider_type: each.provider_type,
        config: shownConfig(each),
        health: health.get(each.provider_id)
      })
      return Providers.of({
        list: Effect.sync(() => planned.map(show)),
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
