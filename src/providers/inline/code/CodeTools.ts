/** Tools from code: those a deployment contributes, and provider types that a module makes of its own. */
import { Effect, Layer, Schema } from "effect"
import { ToolProvider } from "../../../apis/tool-runtime/ToolRuntime.ts"
import { ToolRuntimeApi } from "../../../apis/tool-runtime/ToolRuntimeApi.ts"
import { Contributions } from "../../../kernel/contributions/Contributions.ts"
import { maximumTimerMs, whole } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import type { Tool } from "../../../kernel/tools/Tool.ts"
import * as ToolContributions from "../../../kernel/tools/ToolContributions.ts"
import { missing, ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"

export const Config = Schema.Struct({
  timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a tool may run, milliseconds; it is interrupted then. Default 60000.",
    default: 60_000
  })
})

/** Of those with the same name the first counts. */
const unique = (tools: ReadonlyArray<Tool>): ReadonlyArray<Tool> => {
  const names = new Set<string>()
  return tools.filter(({ definition: { name } }) => !names.has(name) && names.add(name))
}

/** Runs these tools, as they are when somebody asks. */
export const service = (provider: string, all: Effect.Effect<ReadonlyArray<Tool>>, timeout: number) => {
  const tools = Effect.map(all, unique)
  return ToolProvider.of({
    list: () => Effect.map(tools, (each) => each.map(({ definition }) => definition)),
    invoke: Effect.fnUntraced(function*({ arguments: given, group, name }) {
      const there = yield* tools
      const tool = there.find(({ definition }) => definition.name === name)
      if (tool === undefined) {
        return yield* missing(name, group.identifier, there.map(({ definition }) => definition.name))
      }
      return yield* Effect.timeoutOrElse(tool.run(given), {
        duration: timeout,
        orElse: () =>
          Effect.fail(
            new ToolCallFailed({ provider, tool: name, reason: "timeout", detail: `it ran longer than ${timeout} ms` })
          )
      })
    }),
    groups: { source: "configuration", list: Effect.succeed([{ provider_resource_id: provider }]) }
  })
}

/** Runs what parts of the program contribute (`ToolContributions.contribute`). */
export const CodeTools = Provider.make({
  api: ToolRuntimeApi,
  type: "inline::code",
  displayName: "Tools from code",
  description: "Runs the tools that a program contributes in code.",
  config: Config,
  requires: [],
  capabilities: ["tools"],
  status: { status: "proven", against: "tools of the tests" },
  layer: ({ timeout_ms }, { provider_id }) =>
    Layer.effect(
      ToolProvider,
      Effect.map(Contributions, (contributions) =>
        service(
          provider_id,
          Effect.map(contributions.collect(ToolContributions.channel), (lists) => lists.flat()),
          timeout_ms
        ))
    )
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
    config: Config,
    requires: [],
    capabilities: ["tools"],
    layer: ({ timeout_ms }, { provider_id }) =>
      Layer.succeed(ToolProvider, service(provider_id, Effect.succeed(tools), timeout_ms))
  })
