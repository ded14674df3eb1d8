/** The endpoint `/mcp`: MCP's streamable HTTP transport. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { BadRequest, PayloadTooLarge, UnsupportedMediaType } from "../../kernel/http/HttpErrors.ts"
import { OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"

const Message = Schema.Json.annotate({
  description: "A message of JSON-RPC, or several in a list.",
  examples: [{ jsonrpc: "2.0", id: 1, method: "tools/list" }]
})

const Stream = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/event-stream" }))

export class McpRoutes extends HttpApiGroup.make("mcp")
  .add(
    HttpApiEndpoint.post("postMcp", "/mcp", {
      payload: Message,
      success: [Schema.JsonObject, Stream],
      error: [BadRequest, PayloadTooLarge, UnsupportedMediaType]
    }).annotateMerge(OpenApi.annotations({
      identifier: "postMcp",
      summary: "Send a message to Strata's MCP server",
      description: "MCP over streamable HTTP: `initialize` begins a session, whose id is in the header " +
        "`mcp-session-id` of the answer. What a message has done is recorded as a request of its own, under the rights " +
        "of who sends it: the call of a tool as `invokeTool`, within a session of Strata's."
    })).annotate(Recorded, false).annotate(OpensSession, false),
    HttpApiEndpoint.get("streamMcp", "/mcp", { success: Stream, error: BadRequest }).annotateMerge(
      OpenApi.annotations({
        identifier: "streamMcp",
        summary: "Listen to Strata's MCP server",
        description: "What the server says of itself in a session, as server-sent events."
      })
    ).annotate(Recorded, false).annotate(OpensSession, false),
    HttpApiEndpoint.delete("endMcp", "/mcp", { success: Schema.JsonObject, error: BadRequest }).annotateMerge(
      OpenApi.annotations({
        identifier: "endMcp",
        summary: "End a session of Strata's MCP server",
        description: "The session of the header `mcp-session-id` is over."
      })
    ).annotate(Recorded, false).annotate(OpensSession, false)
  )
  .annotateMerge(OpenApi.annotations({
    title: "MCP",
    description: "Strata as a server of the Model Context Protocol: its tools, prompts and resources."
  }))
{}
