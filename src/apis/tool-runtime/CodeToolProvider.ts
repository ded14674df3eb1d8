/** Tools that are code, as a provider of tools has them. */
import { Effect, Layer, Schema } from "effect"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import { maximumTimerMs, whole } from "../../kernel/provider/FieldSchema.ts"
import type { Tool } from "../../kernel/tools/Tool.ts"
import type * as ToolContributions from "../../kernel/tools/ToolContributions.ts"
import { missing, ToolCallFailed } from "../../kernel/tools/ToolFailure.ts"
import { ToolProvider } from "./ToolRuntime.ts"

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

/** Runs what parts of the program contribute to a channel. */
export const contributed = (channel: typeof ToolContributions.channel, provider: string, timeout: number) =>
  Layer.effect(
    ToolProvider,
    Effect.map(
      Contributions,
      (contributions) => service(provider, Effect.map(contributions.collect(channel), (lists) => lists.flat()), timeout)
    )
  )
