/** Tool groups as a kind of resource: which tools there are, the routing table of the tool runtime. */
import { Effect, Struct } from "effect"
import type { Context } from "effect"
import type { Resource } from "../../kernel/resources/Resource.ts"
import * as ResourceKind from "../../kernel/resources/ResourceKind.ts"
import type { ResourceProvider } from "../../kernel/resources/ResourceProvider.ts"
import type { ProviderToolGroup, ToolProvider } from "../tool-runtime/ToolRuntime.ts"
import { ToolGroupsEvents } from "./ToolGroupsEvents.ts"

export type ToolGroupAttributes = typeof ToolGroupsEvents.fields.Type
export type ToolGroupResource = Resource<ToolGroupAttributes>

export const ToolGroupsKind = ResourceKind.make({
  events: ToolGroupsEvents,
  description: "The tool groups there are: the routing table of tools."
})

/** As its provider is asked about it. */
export const groupOf = (
  { attributes, identifier, provider_resource_id }: Pick<
    ToolGroupResource,
    "attributes" | "identifier" | "provider_resource_id"
  >
): ProviderToolGroup => ({ identifier, provider_resource_id, ...Struct.pick(attributes, ["mcp_endpoint", "args"]) })

const withoutEndpoint = ({ mcp_endpoint }: ProviderToolGroup) =>
  mcp_endpoint === undefined ? Effect.void : Effect.fail({
    message: "it has tools of its own, and takes no mcp_endpoint. Use a provider remote::model-context-protocol."
  })

/** What a provider of tools has to do with groups. */
export const groupsOf = (
  { groups: { list, register = withoutEndpoint, source }, health }: Context.Service.Shape<typeof ToolProvider>
): ResourceProvider<ToolGroupAttributes> => ({
  source,
  list: Effect.map(
    list,
    (groups) => groups.map(({ provider_resource_id }) => ({ provider_resource_id, attributes: {} }))
  ),
  register: (resource) => Effect.as(register(groupOf(resource)), resource.attributes),
  health
})
