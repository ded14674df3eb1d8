/** The registry of tool groups: who has which tools. It follows what the providers list, and says so in the log. */
import { Context, Effect, Layer } from "effect"
import type { Instance } from "../../kernel/provider/Instance.ts"
import * as ResourceRegistry from "../../kernel/resources/ResourceRegistry.ts"
import type { ToolGroupEntry } from "../../kernel/resources/ResourcesConfiguration.ts"
import type { ToolProvider } from "../tool-runtime/ToolRuntime.ts"
import type { ToolGroupAttributes } from "./ToolGroupsKind.ts"
import { groupsOf, ToolGroupsKind } from "./ToolGroupsKind.ts"

export type ToolInstance = Instance<Context.Service.Shape<typeof ToolProvider>>

const toResource = ({ args, mcp_endpoint, provider_id, toolgroup_id }: ToolGroupEntry) => ({
  identifier: toolgroup_id,
  provider_id,
  provider_resource_id: toolgroup_id,
  attributes: {
    ...mcp_endpoint === undefined ? {} : { mcp_endpoint: mcp_endpoint.uri },
    ...args === undefined ? {} : { args }
  }
})

/** The tool groups that the configuration registers. */
export const RegisteredToolGroups = Context.Reference<ReadonlyArray<ToolGroupEntry>>(
  "strata/apis/tool-groups/ToolGroupRegistry/RegisteredToolGroups",
  { defaultValue: () => [] }
)

export class ToolGroupRegistry
  extends Context.Service<ToolGroupRegistry, ResourceRegistry.ResourceRegistry<ToolGroupAttributes>>()(
    "strata/apis/tool-groups/ToolGroupRegistry"
  )
{
  static readonly layer = (instances: ReadonlyArray<ToolInstance>) =>
    Layer.effect(
      ToolGroupRegistry,
      Effect.flatMap(RegisteredToolGroups, (registered) =>
        ResourceRegistry.make({
          kind: ToolGroupsKind,
          instances,
          resourcesOf: groupsOf,
          registered: registered.map(toResource)
        }))
    )
}
