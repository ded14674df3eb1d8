/** `remote::strata` for tools: those of another Strata, or of a server of Llama Stack's family, by its groups. */
import { Effect, Struct } from "effect"
import { HttpApiGroup } from "effect/http-api"
import { ToolGroupsRoutes } from "../../../apis/tool-groups/ToolGroupsRoutes.ts"
import { ToolProvider } from "../../../apis/tool-runtime/ToolRuntime.ts"
import type { ProviderToolGroup, ToolInvocation } from "../../../apis/tool-runtime/ToolRuntime.ts"
import { ToolRuntimeApi } from "../../../apis/tool-runtime/ToolRuntimeApi.ts"
import type { Tool, ToolInvocationResult } from "../../../apis/tool-runtime/ToolRuntimeModels.ts"
import { ToolRuntimeRoutes } from "../../../apis/tool-runtime/ToolRuntimeRoutes.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"
import type { ToolCallResult } from "../../../kernel/tools/ToolCallResult.ts"
import type { ProviderTool } from "../../../kernel/tools/ToolDefinition.ts"
import type { ProviderToolFailure } from "../../../kernel/tools/ToolFailure.ts"
import { missing, ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"
import * as RemoteApi from "./RemoteApi.ts"
import * as StrataFailure from "./StrataFailure.ts"

const { listToolGroups } = ToolGroupsRoutes.endpoints
const { invokeTool, listTools } = ToolRuntimeRoutes.endpoints

const routes = HttpApiGroup.make("tools").add(listToolGroups, listTools, invokeTool)

/** Without what the other server calls its group and its provider. */
const toolOf = (tool: Tool): ProviderTool => Struct.omit(tool, ["provider_id", "toolgroup_id"])

const resultOf = (result: ToolInvocationResult): ToolCallResult => Struct.omit(result, ["error_code", "error_message"])

const statusOfLimit = 504

const failureOf = (provider: string, tool: string | null) => (error: ProviderError) => {
  const { message: detail, reason, status } = StrataFailure.of(error)
  const timedOut = status === statusOfLimit
  return new ToolCallFailed({ provider, tool, reason: timedOut ? "timeout" : reason, detail })
}

export const StrataTools = RemoteApi.make({
  api: ToolRuntimeApi,
  routes,
  description: "The tools of another Strata: every tool group it lists, those of MCP servers among them.",
  capabilities: ["tools"],
  service: ({ method, provider }) => {
    const groups = method("listToolGroups", () => ({}))
    const tools = method("listTools", ({ provider_resource_id: toolgroup_id }: ProviderToolGroup) => ({
      query: { toolgroup_id }
    }))
    const invoke = method("invokeTool", ({ arguments: kwargs, group, name }: ToolInvocation) => ({
      payload: { tool_name: name, kwargs, toolgroup_id: group.provider_resource_id }
    }))
    const list = (group: ProviderToolGroup) =>
      tools(group).pipe(
        Effect.map(({ data }) => data.map(toolOf)),
        Effect.mapError(failureOf(provider, null))
      )
    /** None where they can't be listed: nobody knows what was meant. */
    const namesIn = (group: ProviderToolGroup) =>
      Effect.orElseSucceed(
        Effect.map(list(group), (all) => all.map(({ name }) => name)),
        (): ReadonlyArray<string> => []
      )
    return ToolProvider.of({
      list,
      invoke: (call) =>
        invoke(call).pipe(
          Effect.map(resultOf),
          Effect.catch((error): Effect.Effect<never, ProviderToolFailure> =>
            StrataFailure.of(error).code === "tool_not_found"
              ? Effect.flatMap(namesIn(call.group), (names) =>
                Effect.fail(missing(call.name, call.group.identifier, names)))
              : Effect.fail(failureOf(provider, call.name)(error))
          )
        ),
      listsWebSearch: true,
      groups: {
        source: "discovery",
        list: groups().pipe(
          Effect.map(({ data }) => data.map(({ identifier }) => ({ provider_resource_id: identifier }))),
          Effect.mapError((error) => ({ message: StrataFailure.of(error).message }))
        )
      }
    })
  }
})
