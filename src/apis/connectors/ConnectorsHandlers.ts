/** Binds the endpoints of connectors to their service. */
import { Effect } from "effect"
import { eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import { failures } from "../../kernel/http/ResourceErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { toTool } from "../tool-runtime/ToolAnswers.ts"
import { mapToolErrors } from "../tool-runtime/ToolRuntimeErrors.ts"
import * as ToolSearch from "../tool-runtime/ToolSearch.ts"
import { Connectors } from "./Connectors.ts"
import { ConnectorsRoutes } from "./ConnectorsRoutes.ts"

export const ConnectorsHandlers = ApiHandlers.make(
  ConnectorsRoutes,
  Effect.fn(function*(handlers) {
    const connectors = yield* Connectors
    const one = (id: string) => failures.mapErrors("connector_id")(connectors.get(id))
    const toolsOf = (id: string) => Effect.flatMap(one(id), (connector) => mapToolErrors(connectors.tools(connector)))
    return handlers.handleAll({
      listConnectors: () =>
        connectors.list.pipe(Effect.map((data) => ({ data })), Effect.mapError(eventLogUnavailable)),
      retrieveConnector: ({ params }) => one(params.connector_id),
      listConnectorTools: ({ params }) =>
        Effect.map(toolsOf(params.connector_id), (all) => ({ data: all.map(toTool) })),
      retrieveConnectorTool: ({ params: { connector_id, tool_name } }) =>
        Effect.flatMap(
          toolsOf(connector_id),
          (all) => mapToolErrors(Effect.map(Effect.fromResult(ToolSearch.one(all, tool_name, connector_id)), toTool))
        )
    })
  })
)
