/** Connectors over HTTP, as OGX has them: what is registered as a tool group with an address. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import {
  BadGateway,
  BadRequest,
  Forbidden,
  GatewayTimeout,
  NotFound,
  ServiceUnavailable
} from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { PathAliases } from "../../kernel/http/PathAliases.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { Tool, ToolList } from "../tool-runtime/ToolRuntimeModels.ts"
import { Connector, ConnectorList } from "./ConnectorsModels.ts"

const params = {
  connector_id: Schema.String.annotate({ description: "The connector, as it is listed.", examples: ["mcp::files"] })
}
const ofTool = {
  ...params,
  tool_name: Schema.String.annotate({ description: "The tool, as its server calls it.", examples: ["read_file"] })
}

const failing = [BadRequest, Forbidden, NotFound, BadGateway, GatewayTimeout, ServiceUnavailable] as const

export class ConnectorsRoutes extends HttpApiGroup.make("connectors")
  .add(
    HttpApiEndpoint.get("listConnectors", "/connectors", {
      success: ConnectorList,
      error: ServiceUnavailable
    }).annotateMerge(OpenApi.annotations({
      identifier: "listConnectors",
      summary: "List connectors",
      description: "The MCP servers that are registered with their address; tool groups without one are none."
    })),
    HttpApiEndpoint.get("retrieveConnector", "/connectors/:connector_id", {
      params,
      success: Connector,
      error: [NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveConnector",
      summary: "Retrieve a connector",
      description: "One MCP server by its id.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("listConnectorTools", "/connectors/:connector_id/tools", {
      params,
      success: ToolList,
      error: failing
    }).annotateMerge(OpenApi.annotations({
      identifier: "listConnectorTools",
      summary: "List a connector's tools",
      description: "The server is asked. What it needs of the client, such as a key, goes into the header " +
        "x-strata-provider-data: no secret belongs into an address.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("retrieveConnectorTool", "/connectors/:connector_id/tools/:tool_name", {
      params: ofTool,
      success: Tool,
      error: failing
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveConnectorTool",
      summary: "Retrieve a connector's tool",
      description: "One tool by its name.",
      transform: parameters({ fields: ofTool })
    }))
  )
  .annotateEndpoints(Recorded, false)
  .prefix("/v1beta")
  .annotate(PathAliases, [{ from: "/v1alpha/admin/connectors", to: "/v1beta/connectors", suffix: "Admin" }])
  .annotateMerge(OpenApi.annotations({ title: "Connectors", description: "MCP servers whose tools can be called." }))
{}
