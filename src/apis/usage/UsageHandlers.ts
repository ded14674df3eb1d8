/** Binds the endpoint of usage to its service. */
import { Effect } from "effect"
import { eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Usage } from "./Usage.ts"
import { UsageRoutes } from "./UsageRoutes.ts"

export const UsageHandlers = ApiHandlers.make(
  UsageRoutes,
  Effect.fn(function*(handlers) {
    const usage = yield* Usage
    return handlers.handleAll({
      listUsage: ({ query }) => Effect.mapError(usage.totals(query), eventLogUnavailable)
    })
  })
)
