/** The HTTP face of the registry of tool groups, as Llama Stack has it. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, SlashesInLastParameter } from "../../kernel/http/RouteAnnotations.ts"
import { RegisterToolGroup, ToolGroup, ToolGroupList } from "./ToolGroupsModels.ts"

const params = {
  toolgroup_id: Schema.String.annotate({ description: "A tool group's id; its slashes may be encoded." })
}

export class ToolGroupsRoutes extends HttpApiGroup.make("tool_groups")
  .add(
    HttpApiEndpoint.get("listToolGroups", "/toolgroups", { success: ToolGroupList, error: ServiceUnavailable })
      .annotateMerge(OpenApi.annotations({
        identifier: "listToolGroups",
        summary: "List tool groups",
        description: "Every group of tools there is, of all providers, in order of id."
      })),
    HttpApiEndpoint.get("retrieveToolGroup", "/toolgroups/:toolgroup_id", {
      params,
      success: ToolGroup,
      error: [NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveToolGroup",
      summary: "Retrieve a tool group",
      description: "One tool group by its id, or by what its provider calls it where only one has it.",
      transform: parameters({ fields: params })
    })).annotate(SlashesInLastParameter, true),
    HttpApiEndpoint.post("registerToolGroup", "/toolgroups", {
      payload: RegisterToolGroup,
      success: ToolGroup,
      error: [BadRequest, Forbidden, NotFound, Conflict, PayloadTooLarge, UnsupportedMediaType, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "registerToolGroup",
      summary: "Register a tool group",
      description:
        "Gives a group of tools a name of its own, or names an MCP server. It is there for good, also after " +
        "a restart, and belongs to who registered it. To register the same once more changes nothing."
    })).annotate(OpensSession, false),
    HttpApiEndpoint.delete("unregisterToolGroup", "/toolgroups/:toolgroup_id", {
      params,
      success: HttpApiSchema.NoContent,
      error: [BadRequest, Forbidden, NotFound, Conflict, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "unregisterToolGroup",
      summary: "Unregister a tool group",
      description: "Takes back what was registered with POST /v1/toolgroups. What a provider has by itself, and what " +
        "stands in the configuration, is not for clients to take back: 409.",
      transform: parameters({ fields: params })
    })).annotate(SlashesInLastParameter, true).annotate(OpensSession, false)
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Tool groups", description: "Which tools there are, and who has them." }))
{}
