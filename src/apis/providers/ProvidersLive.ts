/** The provider instances of a plan, with their health; and the provider types there are. */
import { Effect, Layer } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { PlannedProvider } from "../../kernel/provider/PlannedProvider.ts"
import { ProviderHealth } from "../../kernel/provider/ProviderHealth.ts"
import { providerInfo } from "../../kernel/provider/ProviderInfo.ts"
import { StartTimes } from "../../kernel/provider/StartTimes.ts"
import { CurrentPlan } from "../../kernel/stack/CurrentPlan.ts"
import { shownProvider } from "./ProviderDescription.ts"
import { ProviderNotFound, Providers } from "./Providers.ts"
import { ProvidersHandlers } from "./ProvidersHandlers.ts"
import type { Provider } from "./ProvidersModels.ts"

export const layer = Layer.effect(
  Providers,
  Effect.gen(function*() {
    const { providers: planned, registry } = yield* CurrentPlan
    const health = yield* ProviderHealth
    const times = yield* StartTimes
    const show = (each: PlannedProvider): Provider => ({
      ...shownProvider(each, planned, times.get),
      health: health.get(each)
    })
    return Providers.of({
      list: Effect.sync(() => planned.map(show)),
      types: registry.map(providerInfo),
      get: (id, api) => {
        const found = planned.find((each) => each.provider_id === id && (api === undefined || each.api === api))
        return found === undefined
          ? Effect.fail(new ProviderNotFound({ provider_id: id }))
          : Effect.sync(() => show(found))
      }
    })
  })
)

export const live = ApiModule.live({ handlers: ProvidersHandlers, layer })
