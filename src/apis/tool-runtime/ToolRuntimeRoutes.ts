/** Tools over HTTP, as Llama Stack has them. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import {
  BadGateway,
  BadRequest,
  Forbidden,
  GatewayTimeout,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { PathAliases } from "../../kernel/http/PathAliases.ts"
import { Recorded, SlashesInLastParameter } from "../../kernel/http/RouteAnnotations.ts"
import { InvokeToolRequest, Tool, ToolInvocationResult, ToolList } from "./ToolRuntimeModels.ts"

const group = Schema.optionalKey(Schema.String.annotate({ description: "Those of one tool group. Default: of all." }))
const byToolgroup = Schema.Struct({ toolgroup_id: group })
const byToolGroup = Schema.Struct({ tool_group_id: group })
const params = { tool_name: Schema.String.annotate({ description: "The tool, as it is listed." }) }

const failing = [BadRequest, Forbidden, NotFound, BadGateway, GatewayTimeout, ServiceUnavailable] as const

export class ToolRuntimeRoutes extends HttpApiGroup.make("tool_runtime")
  .add(
    HttpApiEndpoint.get("listTools", "/tools", { query: byToolgroup, success: ToolList, error: failing }).annotateMerge(
      OpenApi.annotations({
        identifier: "listTools",
        summary: "List tools",
        description: "Every tool that can be invoked now: in order of the groups, each as its provider has them. A " +
          "group that can't be asked is left out, where all are listed.",
        transform: parameters(byToolgroup)
      })
    ).annotate(Recorded, false),
    HttpApiEndpoint.get("retrieveTool", "/tools/:tool_name", {
      params,
      query: byToolgroup,
      success: Tool,
      error: failing
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveTool",
      summary: "Retrieve a tool",
      description: "One tool by its name, where only one group has one of that name, else with `toolgroup_id`.",
      transform: parameters({ fields: params }, byToolgroup)
    })).annotate(SlashesInLastParameter, true).annotate(Recorded, false),
    HttpApiEndpoint.get("listRuntimeTools", "/tool-runtime/list-tools", {
      query: byToolGroup,
      success: ToolList,
      error: failing
    }).annotateMerge(OpenApi.annotations({
      identifier: "listRuntimeTools",
      summary: "List the tools of a group",
      description: "The same as GET /v1/tools, under the name that Llama Stack has for it too.",
      transform: parameters(byToolGroup)
    })).annotate(Recorded, false),
    HttpApiEndpoint.post("invokeTool", "/tool-runtime/invoke", {
      payload: InvokeToolRequest,
      success: ToolInvocationResult,
      error: [...failing, PayloadTooLarge, UnsupportedMediaType]
    }).annotateMerge(OpenApi.annotations({
      identifier: "invokeTool",
      summary: "Invoke a tool",
      description:
        "Runs a tool with these arguments. A tool that ran and failed is a result with `is_error`; one that " +
        "is missing, can't be reached or takes too long is an error. What its server needs of the client, such as " +
        "its key, goes into the header x-strata-provider-data."
    }))
  )
  .prefix("/v1")
  .annotate(PathAliases, [{ from: "/v1/admin/tools", to: "/v1/tools", suffix: "Admin" }])
  .annotateMerge(OpenApi.annotations({ title: "Tools", description: "What models and clients can have done." }))
{}
