/** An instance of a plan as the API and the command line show it. */
import { maskedConfiguration } from "../../kernel/provider/MaskedConfiguration.ts"
import type { PlannedProvider } from "../../kernel/provider/PlannedProvider.ts"
import { chainOf } from "../../kernel/provider/PlannedProvider.ts"
import { dependenciesOf } from "../../kernel/provider/ProviderDependencies.ts"
import type { StartTime } from "../../kernel/provider/StartTimes.ts"
import { deprecationsOf } from "../../kernel/stack/ProviderRegistration.ts"
import type { Provider } from "./ProvidersModels.ts"

/** `startOf` says when an instance started; undefined: it has not. */
export const describeProvider = (
  planned: PlannedProvider,
  all: ReadonlyArray<PlannedProvider>,
  startOf: (planned: PlannedProvider) => StartTime | undefined
): Omit<Provider, "health" | "reliability"> => {
  const started = (each: PlannedProvider): Provider["started"] => {
    const start = startOf(each)
    return start === undefined ? null : { time: start.time, duration_ms: start.duration }
  }
  return {
    api: planned.api,
    provider_id: planned.provider_id,
    provider_type: planned.provider_type,
    config: maskedConfiguration(planned),
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
