/** Binds the endpoints of tool groups to their service. */
import { Effect } from "effect"
import { eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import { failures } from "../../kernel/http/ResourceErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { ToolGroups } from "./ToolGroups.ts"
import { ToolGroupsRoutes } from "./ToolGroupsRoutes.ts"

const byGroup = failures.mapErrors("toolgroup_id")

export const ToolGroupsHandlers = ApiHandlers.make(
  ToolGroupsRoutes,
  Effect.fn(function*(handlers) {
    const groups = yield* ToolGroups
    return handlers.handleAll({
      listToolGroups: () => groups.list.pipe(Effect.map((data) => ({ data })), Effect.mapError(eventLogUnavailable)),
      retrieveToolGroup: ({ params }) => byGroup(groups.get(params.toolgroup_id)),
      registerToolGroup: ({ payload }) => byGroup(groups.register(payload)),
      unregisterToolGroup: ({ params }) => byGroup(groups.unregister(params.toolgroup_id))
    })
  })
)
