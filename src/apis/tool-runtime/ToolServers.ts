/** MCP servers that requests name: each is asked through a provider that takes any, as a tool group of its own. */
import { Effect } from "effect"
import { ToolCallFailed } from "../../kernel/tools/ToolFailure.ts"
import type { ToolInstance } from "../tool-groups/ToolGroupRegistry.ts"
import type { ToolGroupResource } from "../tool-groups/ToolGroupsKind.ts"
import type { ToolServer } from "./ToolRuntime.ts"

/** The type of provider that reaches any server. */
export const providerType = "remote::model-context-protocol"

const nobody = (label: string) =>
  new ToolCallFailed({
    provider: label,
    tool: null,
    reason: "unreachable",
    detail:
      `no provider of this server reaches MCP servers that requests name: configure one of the type ${providerType} ` +
      "under providers.tool_runtime"
  })

/** The first such provider of the configuration asks. */
export const resourceOf =
  (instances: ReadonlyArray<ToolInstance>) =>
  ({ label, url }: ToolServer): Effect.Effect<ToolGroupResource, ToolCallFailed> => {
    const instance = instances.find(({ type }) => type === providerType)
    if (instance === undefined) return Effect.fail(nobody(label))
    return Effect.succeed({
      identifier: label,
      provider_id: instance.id,
      provider_resource_id: label,
      source: "api",
      owner: null,
      attributes: { mcp_endpoint: url }
    })
  }
