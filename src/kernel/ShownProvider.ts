/** An instance of a plan as the API and the command line show it. */
import type { Provider } from "../apis/providers/ProvidersModels.ts"
import type { PlannedProvider } from "./PlannedProvider.ts"
import { chainOf } from "./PlannedProvider.ts"
import { dependenciesOf } from "./ProviderDependencies.ts"
import { deprecationsOf } from "./ProviderRegistration.ts"
import { shownConfig } from "./ShownConfig.ts"
import type { StartTime } from "./StartTimes.ts"

/** `startOf` says when an instance started; undefined: it has not. */
export const shownProvider = (
  planned: PlannedProvider,
  all: ReadonlyArray<PlannedProvider>,
  startOf: (planned: PlannedProvider) => StartTime | undefined
): Omit<Provider, "health"> => {
  const started = (each: PlannedProvider): Provider["started"] => {
    const start = startOf(each)
    return start === undefined ? null : { time: start.time, duration_ms: start.duration }
  }
  return {
    api: planned.api,
    provider_id: planned.provider_id,
    provider_type: planned.provider_type,
    config: shownConfig(planned),
    required: planned.required,
    dependencies: dependenciesOf(planned, all),
    upstreams: chainOf(planned).slice(1).map((upstream) => ({
      provider_type: upstream.provider_type,
      started: started(upstream)
    })),
    started: started(planned),
    deprecation: deprecationsOf(planned)[0]?.reason ?? null
  }
}
