/** The result of a tool as `POST /v1/tool-runtime/invoke` answers it. */
import type { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import { textOf } from "../../kernel/tools/ToolCallResult.ts"
import type { ToolInvocationResult } from "./ToolRuntimeModels.ts"

export const toInvocationResult = (result: ToolCallResult): ToolInvocationResult =>
  result.is_error ? { ...result, error_message: textOf(result), error_code: 1 } : result
