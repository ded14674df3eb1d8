/** The provider instances of a plan that may be read, with their health; and the provider types there are. */
import { Effect, Layer, Option } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import * as AccessFilter from "../../kernel/access/AccessFilter.ts"
import type { AccessResource } from "../../kernel/access/AccessResource.ts"
import { version } from "../../kernel/http/Version.ts"
import type { PlannedProvider } from "../../kernel/provider/PlannedProvider.ts"
import type { AnyDefinition } from "../../kernel/provider/Provider.ts"
import { ProviderHealth } from "../../kernel/provider/ProviderHealth.ts"
import { providerInfo } from "../../kernel/provider/ProviderInfo.ts"
import { StartTimes } from "../../kernel/provider/StartTimes.ts"
import type { StackPlan } from "../../kernel/stack/StackPlan.ts"
import { Inspect } from "../inspect/Inspect.ts"
import { shownProvider } from "./ProviderDescription.ts"
import { ProviderNotFound, Providers } from "./Providers.ts"
import type { Provider } from "./ProvidersModels.ts"

/** The operator's: nobody's. Their configuration may name what other rules hide. */
const resourceOf = ({ provider_id }: PlannedProvider): AccessResource => ({
  type: "provider",
  id: provider_id,
  owner: null
})

export const layer = ({ providers: planned, registry }: StackPlan<ReadonlyArray<AnyDefinition>>) =>
  Layer.effect(
    Providers,
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      const times = yield* StartTimes
      const access = yield* AccessControl
      const show = (each: PlannedProvider): Provider => ({
        ...shownProvider(each, planned, times.get),
        health: health.get(each)
      })
      return Providers.of({
        list: Effect.map(
          access.filter("read", "provider"),
          (filter) => planned.filter((each) => AccessFilter.permits(filter, resourceOf(each))).map(show)
        ),
        types: registry.map(providerInfo),
        get: Effect.fnUntraced(function*(id, api) {
          const absent = new ProviderNotFound({ provider_id: id })
          const found = planned.find((each) => each.provider_id === id && (api === undefined || each.api === api))
          if (found === undefined) return yield* absent
          yield* access.see(resourceOf(found), () => absent)
          return show(found)
        })
      })
    })
  )

/** The log has to say within this time that it is there. */
const logTimeout = "2 seconds"

/** Health is asked for often: nothing else of the instances is looked at. */
export const layerInspect = ({ providers: planned }: Pick<StackPlan<ReadonlyArray<AnyDefinition>>, "providers">) =>
  Layer.effect(
    Inspect,
    Effect.gen(function*() {
      const health = yield* ProviderHealth
      const hub = yield* EventHub
      const logAnswers = hub.head.pipe(
        Effect.timeoutOption(logTimeout),
        Effect.match({
          onFailure: () => false,
          onSuccess: Option.isSome
        })
      )
      return Inspect.of({
        version,
        health: Effect.map(logAnswers, (log) => {
          const providers = planned.map((each) => ({
            api: each.api,
            provider_id: each.provider_id,
            status: health.get(each).status,
            required: each.required
          }))
          const down = providers.some(({ required, status }) => required && status === "unhealthy")
          return {
            status: down || !log ? "degraded" as const : "ok" as const,
            log: log ? "ok" as const : "unavailable" as const,
            providers
          }
        })
      })
    })
  )
