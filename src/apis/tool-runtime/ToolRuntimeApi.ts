/** Tools as an API that providers implement: pairs the router with the slot of its instances. */
import { Schema } from "effect"
import type { Context } from "effect"
import { effectful, optional } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import { ProviderTool } from "../../kernel/tools/ToolDefinition.ts"
import { ToolCallFailed } from "../../kernel/tools/ToolFailure.ts"
import { ToolProvider, ToolRuntime } from "./ToolRuntime.ts"

const invalidAnswer = (provider: string, detail: string) =>
  new ToolCallFailed({ provider, tool: null, reason: "invalid_answer", detail })

const isTools = Schema.is(Schema.Array(ProviderTool))
const isResult = Schema.is(ToolCallResult)

export const ToolRuntimeApi: ProviderApi<
  "tool_runtime",
  ToolRuntime,
  ToolProvider,
  Context.Service.Shape<typeof ToolProvider>
> = {
  name: "tool_runtime",
  service: ToolRuntime,
  slot: ToolProvider,
  contract: {
    list: effectful({
      failure: invalidAnswer,
      expects: (answer) => isTools(answer) ? undefined : "a list of tools, each with name, description and input_schema"
    }),
    invoke: effectful({
      failure: invalidAnswer,
      expects: (answer) => isResult(answer) ? undefined : "a ToolCallResult: content of blocks, and is_error"
    }),
    groups: { source: ["configuration", "discovery"], list: "effect", register: optional("function") },
    webSearch: optional("string"),
    listsWebSearch: optional("boolean"),
    health: optional("effect")
  }
}
