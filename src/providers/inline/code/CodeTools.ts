/** Tools from code: those a deployment contributes, and provider types that a module makes of its own. */
import { Effect, Layer } from "effect"
import * as CodeToolProvider from "../../../apis/tool-runtime/CodeToolProvider.ts"
import { ToolProvider } from "../../../apis/tool-runtime/ToolRuntime.ts"
import { ToolRuntimeApi } from "../../../apis/tool-runtime/ToolRuntimeApi.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import type { Tool } from "../../../kernel/tools/Tool.ts"
import * as ToolContributions from "../../../kernel/tools/ToolContributions.ts"

/** Runs what parts of the program contribute (`ToolContributions.contribute`). */
export const CodeTools = Provider.make({
  api: ToolRuntimeApi,
  type: "inline::code",
  displayName: "Tools from code",
  description: "Runs the tools that a program contributes in code.",
  config: CodeToolProvider.Config,
  requires: [],
  capabilities: ["tools"],
  status: { status: "proven", against: "tools of the tests" },
  layer: ({ timeout_ms }, { provider_id }) =>
    CodeToolProvider.contributed(ToolContributions.channel, provider_id, timeout_ms)
})

/**
 * A provider type with tools of its own, for a module.
 *
 * @example
 * export const providers = [CodeToolsOf({ type: "inline::weather", description: "Weather.", tools: [weather] })]
 */
export const CodeToolsOf = (
  { description, tools, type }: {
    readonly type: `inline::${string}`
    readonly description: string
    readonly tools: ReadonlyArray<Tool>
  }
) =>
  Provider.make({
    api: ToolRuntimeApi,
    type,
    description,
    config: CodeToolProvider.Config,
    requires: [],
    capabilities: ["tools"],
    layer: ({ timeout_ms }, { provider_id }) =>
      Layer.succeed(ToolProvider, CodeToolProvider.service(provider_id, Effect.succeed(tools), timeout_ms))
  })
