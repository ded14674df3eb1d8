/** Tools as Llama Stack lists and invokes them, with what MCP adds. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { deepest, isTooDeep, tooDeep } from "../../kernel/tools/ToolArguments.ts"
import { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"

const { fields } = ToolDefinition

export const Tool = Schema.Struct({
  name: fields.name,
  toolgroup_id: fields.group,
  provider_id: fields.provider,
  description: fields.description,
  input_schema: fields.input_schema,
  output_schema: fields.output_schema,
  annotations: fields.annotations,
  requires_approval: fields.requires_approval,
  metadata: fields.metadata
}).annotate({ identifier: "Tool", description: "A tool that can be invoked." })
export type Tool = typeof Tool.Type

export const ToolList = Schema.Struct({ data: Schema.Array(Tool) }).annotate({ identifier: "ToolList" })

export const InvokeToolRequest = Schema.Struct({
  tool_name: Schema.String.annotate({ description: "The tool, as it is listed.", examples: ["get_weather"] }),
  kwargs: Schema.JsonObject.check(
    Schema.makeFilter((given) => isTooDeep(given) ? tooDeep : true)
  ).annotate({
    description: `Its arguments, by name: at most ${deepest} levels.`,
    examples: [{ city: "Oslo" }]
  }),
  toolgroup_id: nullable(Schema.String.annotate({
    description: "The group it is in. Default: the only one that has it; where several have, 400."
  }))
}).annotate({ identifier: "InvokeToolRequest" })
export type InvokeToolRequest = typeof InvokeToolRequest.Type

export const ToolInvocationResult = Schema.Struct({
  ...ToolCallResult.fields,
  error_message: Schema.optionalKey(Schema.String.annotate({ description: "Where the tool failed: why." })),
  error_code: Schema.optionalKey(Schema.Int.annotate({ description: "Where the tool failed: 1." }))
}).annotate({ identifier: "ToolInvocationResult", description: "What came of a call of a tool." })
export type ToolInvocationResult = typeof ToolInvocationResult.Type
