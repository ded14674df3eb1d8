/** Health and version of the server. */
import { Effect, Layer, Option } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { version } from "../../kernel/http/Version.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ProviderHealth } from "../../kernel/provider/ProviderHealth.ts"
import { CurrentPlan } from "../../kernel/stack/CurrentPlan.ts"
import { Work } from "../../kernel/work/Work.ts"
import { Inspect } from "./Inspect.ts"
import { InspectHandlers } from "./InspectHandlers.ts"

/** The log has to say within this time that it is there. */
const logTimeout = "2 seconds"

/** Health is asked for often: nothing else of the instances is looked at. */
export const layer = Layer.effect(
  Inspect,
  Effect.gen(function*() {
    const { providers: planned } = yield* CurrentPlan
    const health = yield* ProviderHealth
    const hub = yield* EventHub
    const logAnswers = hub.head.pipe(
      Effect.timeoutOption(logTimeout),
      Effect.match({
        onFailure: () => false,
        onSuccess: Option.isSome
      })
    )
    const work = yield* Work
    const oldestQueued = work.oldestQueued.pipe(
      Effect.timeoutOption(logTimeout),
      Effect.match({ onFailure: () => null, onSuccess: Option.getOrNull })
    )
    return Inspect.of({
      version,
      health: Effect.map(Effect.all([logAnswers, oldestQueued]), ([log, oldest_queued_ms]) => {
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
          providers,
          work: { oldest_queued_ms }
        }
      })
    })
  })
)

export const live = ApiModule.live({ handlers: InspectHandlers, layer })
