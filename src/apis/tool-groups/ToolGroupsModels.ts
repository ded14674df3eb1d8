/** Tool groups as Llama Stack registers and shows them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { McpEndpoint } from "../../kernel/resources/McpEndpoint.ts"
import { ResourceSource } from "../../kernel/resources/ResourceEvents.ts"

export const ToolGroup = Schema.Struct({
  identifier: Schema.String.annotate({ description: "What to ask for.", examples: ["mcp::files"] }),
  type: Schema.Literal("tool_group"),
  provider_id: Schema.String.annotate({ description: "The provider instance that has its tools." }),
  provider_resource_id: Schema.String.annotate({ description: "What that provider calls it." }),
  source: ResourceSource,
  mcp_endpoint: Schema.optionalKey(McpEndpoint),
  args: Schema.optionalKey(Schema.JsonObject)
}).annotate({ identifier: "ToolGroup" })
export type ToolGroup = typeof ToolGroup.Type

export const ToolGroupList = Schema.Struct({ data: Schema.Array(ToolGroup) }).annotate({ identifier: "ToolGroupList" })

const name = Schema.String.check(Schema.isPattern(/^\S{1,256}$/, { expected: "1 to 256 characters without spaces" }))

export const RegisterToolGroup = Schema.Struct({
  toolgroup_id: name.annotate({ description: "What clients are to ask for.", examples: ["mcp::files"] }),
  provider_id: nullable(Schema.String.annotate({
    description: "The provider instance that has its tools. Default: the only one there is."
  })),
  mcp_endpoint: nullable(McpEndpoint),
  args: nullable(Schema.JsonObject.annotate({ description: "What its provider is to know of it besides." }))
}).annotate({ identifier: "RegisterToolGroup" })
export type RegisterToolGroup = typeof RegisterToolGroup.Type
