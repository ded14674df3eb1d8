/** Connectors as OGX shows them. */
import { Schema } from "effect"

export const Connector = Schema.Struct({
  connector_id: Schema.String.annotate({
    description: "The id of the tool group that stands for the server.",
    examples: ["mcp::files"]
  }),
  connector_type: Schema.Literal("mcp").annotate({ description: "What it speaks: the Model Context Protocol." }),
  url: Schema.String.annotate({ description: "The server's address.", examples: ["https://mcp.example.com/mcp"] }),
  server_label: Schema.String.annotate({
    description: "What the server is called where its tools are used.",
    examples: ["mcp::files"]
  }),
  provider_id: Schema.String.annotate({
    description: "The provider instance that reaches it.",
    examples: ["mcp"]
  })
}).annotate({ identifier: "Connector", description: "An MCP server whose tools this server can call." })
export type Connector = typeof Connector.Type

export const ConnectorList = Schema.Struct({
  data: Schema.Array(Connector).annotate({ description: "In order of their ids." })
}).annotate({ identifier: "ConnectorList" })
