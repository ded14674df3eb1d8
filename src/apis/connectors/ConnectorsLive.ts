/** Connectors: a view of the tool groups that stand for MCP servers. */
import { Effect, Layer } from "effect"
import { ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ToolGroups } from "../tool-groups/ToolGroups.ts"
import type { ToolGroup } from "../tool-groups/ToolGroupsModels.ts"
import { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import { Connectors } from "./Connectors.ts"
import { ConnectorsHandlers } from "./ConnectorsHandlers.ts"
import type { Connector } from "./ConnectorsModels.ts"

const toConnector = ({ identifier, mcp_endpoint, provider_id }: ToolGroup): ReadonlyArray<Connector> =>
  mcp_endpoint === undefined
    ? []
    : [{
      connector_id: identifier,
      connector_type: "mcp",
      url: mcp_endpoint.uri,
      server_label: identifier,
      provider_id
    }]

export const layer = Layer.effect(
  Connectors,
  Effect.gen(function*() {
    const groups = yield* ToolGroups
    const tools = yield* ToolRuntime
    return Connectors.of({
      list: Effect.map(groups.list, (all) => all.flatMap(toConnector)),
      get: Effect.fnUntraced(function*(id) {
        const [connector] = toConnector(yield* groups.get(id))
        if (connector !== undefined) return connector
        return yield* new ResourceNotFound({ type: "connector", identifier: id, suggestions: [], ambiguous: false })
      }),
      tools: ({ connector_id }) => tools.list({ groups: [connector_id] })
    })
  })
)

export const live = ApiModule.live({ handlers: ConnectorsHandlers, layer })
