/** Binds the endpoints of tools to the `ToolRuntime` service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { toInvocationResult, toTool } from "./ToolAnswers.ts"
import { ToolRuntime } from "./ToolRuntime.ts"
import { mapToolErrors } from "./ToolRuntimeErrors.ts"
import { ToolRuntimeRoutes } from "./ToolRuntimeRoutes.ts"
import * as ToolSearch from "./ToolSearch.ts"

export const ToolRuntimeHandlers = ApiHandlers.make(
  ToolRuntimeRoutes,
  Effect.fn(function*(handlers) {
    const tools = yield* ToolRuntime
    const listed = (group: string | undefined) => tools.list(group === undefined ? {} : { groups: [group] })
    const toList = (group: string | undefined) =>
      mapToolErrors(Effect.map(listed(group), (all) => ({ data: all.map(toTool) })))
    return handlers.handleAll({
      listTools: ({ query }) => toList(query.toolgroup_id),
      listRuntimeTools: ({ query }) => toList(query.tool_group_id),
      retrieveTool: ({ params, query: { toolgroup_id } }) =>
        mapToolErrors(
          Effect.flatMap(listed(toolgroup_id), (all) =>
            Effect.map(Effect.fromResult(ToolSearch.one(all, params.tool_name, toolgroup_id ?? null)), toTool))
        ),
      invokeTool: ({ payload: { kwargs, tool_name, toolgroup_id } }) =>
        mapToolErrors(
          Effect.map(
            tools.invoke({ name: tool_name, group: toolgroup_id ?? undefined, arguments: kwargs }),
            toInvocationResult
          )
        )
    })
  })
)
