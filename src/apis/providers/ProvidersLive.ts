/** The provider instances and types of this server, for the principal of the moment. */
import { Effect, Layer } from "effect"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import * as AccessFilter from "../../kernel/access/AccessFilter.ts"
import type { AccessResource } from "../../kernel/access/AccessResource.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { PlannedProvider } from "../../kernel/provider/PlannedProvider.ts"
import { ProviderHealth } from "../../kernel/provider/ProviderHealth.ts"
import { providerInfo } from "../../kernel/provider/ProviderInfo.ts"
import { StartTimes } from "../../kernel/provider/StartTimes.ts"
import { ReliabilityStates, stateOf } from "../../kernel/reliability/ReliabilityStates.ts"
import { CurrentPlan } from "../../kernel/stack/CurrentPlan.ts"
import { describeProvider } from "./ProviderDescription.ts"
import { ProviderNotFound, Providers } from "./Providers.ts"
import { ProvidersHandlers } from "./ProvidersHandlers.ts"
import type { Provider } from "./ProvidersModels.ts"

/** The operator's: nobody's. Their configuration may name what other rules hide. */
const resourceOf = ({ provider_id }: PlannedProvider): AccessResource => ({
  type: "provider",
  id: provider_id,
  owner: null
})

export const layer = Layer.effect(
  Providers,
  Effect.gen(function*() {
    const { providers: planned, registry } = yield* CurrentPlan
    const health = yield* ProviderHealth
    const times = yield* StartTimes
    const access = yield* AccessControl
    const states = yield* ReliabilityStates
    const show = (each: PlannedProvider): Effect.Effect<Provider> => {
      const reliability = states?.get(`${each.api}/${each.provider_id}`)
      return Effect.map(reliability === undefined ? Effect.succeed(null) : stateOf(reliability), (reliability) => ({
        ...describeProvider(each, planned, times.get),
        health: health.get(each),
        reliability
      }))
    }
    return Providers.of({
      list: Effect.flatMap(
        access.filter("read", "provider"),
        (filter) => Effect.forEach(planned.filter((each) => AccessFilter.permits(filter, resourceOf(each))), show)
      ),
      types: yield* Effect.cached(Effect.sync(() => registry.map(providerInfo))),
      get: Effect.fnUntraced(function*(id, api) {
        const absent = new ProviderNotFound({ provider_id: id })
        const provider = planned.find((each) => each.provider_id === id && (api === undefined || each.api === api))
        if (provider === undefined) return yield* absent
        yield* access.authorizeRead(resourceOf(provider), () => absent)
        return yield* show(provider)
      })
    })
  })
)

export const live = ApiModule.live({ handlers: ProvidersHandlers, layer })
