/** Tool groups as the API shows them: the registry, for the principal of the moment. */
import { Effect, Layer } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ResourceEditing from "../../kernel/resources/ResourceEditing.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import { ToolRuntimeApi } from "../tool-runtime/ToolRuntimeApi.ts"
import type { ToolInstance } from "./ToolGroupRegistry.ts"
import { ToolGroupRegistry } from "./ToolGroupRegistry.ts"
import { ToolGroups } from "./ToolGroups.ts"
import { ToolGroupsHandlers } from "./ToolGroupsHandlers.ts"
import type { ToolGroupResource } from "./ToolGroupsKind.ts"
import { groupsOf, ToolGroupsKind } from "./ToolGroupsKind.ts"
import type { RegisterToolGroup, ToolGroup } from "./ToolGroupsModels.ts"

const toToolGroup = (
  { attributes: { args, mcp_endpoint }, identifier, provider_id, provider_resource_id, source }: ToolGroupResource
): ToolGroup => ({
  identifier,
  type: "tool_group",
  provider_id,
  provider_resource_id,
  source,
  ...mcp_endpoint === undefined ? {} : { mcp_endpoint: { uri: mcp_endpoint } },
  ...args === undefined ? {} : { args }
})

const toRegistration = ({ args, mcp_endpoint, provider_id, toolgroup_id }: RegisterToolGroup) => ({
  identifier: toolgroup_id,
  provider_id: provider_id ?? undefined,
  attributes: {
    ...mcp_endpoint == null ? {} : { mcp_endpoint: mcp_endpoint.uri },
    ...args == null ? {} : { args }
  },
  otherwise: () => ({})
})

export const options = (instances: ReadonlyArray<ToolInstance>, registry: ToolGroupRegistry["Service"]) => ({
  kind: ToolGroupsKind,
  registry,
  instances,
  resourcesOf: groupsOf
})

export const layer = (instances: ReadonlyArray<ToolInstance>) =>
  Layer.effect(
    ToolGroups,
    Effect.gen(function*() {
      const groups = options(instances, yield* ToolGroupRegistry)
      const lookup = yield* ResourceLookup.make(groups)
      const editing = yield* ResourceEditing.make(groups)
      return ToolGroups.of({
        list: Effect.map(lookup.list, (all) => all.map(toToolGroup)),
        get: (id) => Effect.map(lookup.get(id), toToolGroup),
        register: (group) => Effect.map(editing.register(toRegistration(group)), toToolGroup),
        unregister: (id) => Effect.asVoid(editing.unregister(id))
      })
    })
  )

/** With the registry, which the router of tools asks too. */
export const withRegistry = (instances: ReadonlyArray<ToolInstance>) =>
  Layer.provideMerge(layer(instances), ToolGroupRegistry.layer(instances))

export const live = ApiModule.liveOf(ToolRuntimeApi, { handlers: ToolGroupsHandlers, layer: withRegistry })
