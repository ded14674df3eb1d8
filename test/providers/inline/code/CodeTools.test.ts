/** `inline::code`, and provider types of a module: tools that are code. */
// @effect-diagnostics globalErrorInEffectFailure:off
import { Effect, Schema } from "effect"
import * as Tool from "../../../../src/kernel/tools/Tool.ts"
import * as ToolContributions from "../../../../src/kernel/tools/ToolContributions.ts"
import { CodeToolsOf } from "../../../../src/providers/inline/code/CodeTools.ts"
import { registry } from "../../../../src/providers/Registry.ts"
import { toolContract } from "../../../support/toolContract.ts"

const tools = [
  Tool.make({
    name: "get_weather",
    description: "The weather in a city.",
    input: Schema.Struct({ city: Schema.String }),
    execute: ({ city }) => city === "Nowhere" ? Effect.fail(new Error("no such city")) : Effect.succeed(`${city}: rain`)
  }),
  Tool.make({ name: "wait", description: "Waits.", execute: () => Effect.never })
]

const cases = {
  answered: { name: "get_weather", arguments: { city: "Oslo" }, text: "Oslo: rain" },
  failing: { name: "get_weather", arguments: { city: "Nowhere" } },
  wrong: { name: "get_weather", arguments: { city: 7 }, says: /city: expected a text/ },
  slow: { name: "wait", arguments: {} }
}

toolContract(
  "inline::code",
  Effect.succeed({
    provider: { provider_type: "inline::code", config: {} },
    options: { extensions: ToolContributions.contribute("weather", tools) },
    ...cases
  })
)

const Weather = CodeToolsOf({ type: "inline::weather", description: "Weather.", tools })

toolContract(
  "a provider type of a module",
  Effect.succeed({
    provider: { provider_type: "inline::weather", config: {} },
    options: { types: [...registry, Weather] },
    ...cases
  })
)
