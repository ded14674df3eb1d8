/** Binds the endpoint of metrics to its service. */
import { Effect } from "effect"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Metrics } from "./Metrics.ts"
import { MetricsRoutes } from "./MetricsRoutes.ts"

export const MetricsHandlers = ApiHandlers.make(
  MetricsRoutes,
  Effect.fn(function*(handlers) {
    const metrics = yield* Metrics
    return handlers.handleAll({
      metrics: () =>
        Effect.mapError(
          metrics.text,
          (error) => error._tag === "AccessDenied" ? accessDenied(error) : eventLogUnavailable(error)
        )
    })
  })
)
