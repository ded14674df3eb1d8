/** Events of the registry of tool groups: its routing table is their fold. */
import { Schema } from "effect"
import * as ResourceEvents from "../../kernel/resources/ResourceEvents.ts"

export const ToolGroupsEvents = ResourceEvents.define({
  type: "tool_group",
  stream: "tool_groups",
  noun: "A tool group",
  fields: {
    mcp_endpoint: Schema.optionalKey(Schema.String.annotate({ description: "The MCP server it stands for." })),
    args: Schema.optionalKey(Schema.JsonObject.annotate({ description: "What its provider is to know of it besides." }))
  }
})
