/** Where an MCP server is, as Llama Stack writes it. */
import { Schema } from "effect"

export const McpEndpoint = Schema.Struct({
  uri: Schema.String.check(
    Schema.isPattern(/^https?:\/\/[^\s@]+$/, { expected: "an http or https address without user and password" })
  ).annotate({ description: "Its address.", examples: ["https://mcp.example.com/mcp"] })
}).annotate({ identifier: "McpEndpoint", expected: "a mapping with uri", description: "The MCP server it stands for" })
