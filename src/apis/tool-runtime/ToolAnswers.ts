/** Tools and their results as the API shows them. */
import type { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import { textOf } from "../../kernel/tools/ToolCallResult.ts"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import type { Tool, ToolInvocationResult } from "./ToolRuntimeModels.ts"

export const toInvocationResult = (result: ToolCallResult): ToolInvocationResult =>
  result.is_error ? { ...result, error_message: textOf(result), error_code: 1 } : result

export const toTool = ({ group, provider, ...tool }: ToolDefinition): Tool => ({
  ...tool,
  toolgroup_id: group,
  provider_id: provider
})
