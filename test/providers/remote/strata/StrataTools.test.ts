/** `remote::strata` for tools: another Strata, whose tools are code. */
// @effect-diagnostics globalErrorInEffectFailure:off
import { Effect, Schema } from "effect"
import * as Tool from "../../../../src/kernel/tools/Tool.ts"
import * as ToolContributions from "../../../../src/kernel/tools/ToolContributions.ts"
import { Strata } from "../../../support/Strata.ts"
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

toolContract(
  "remote::strata",
  Effect.gen(function*() {
    const back = yield* Strata.make({
      extensions: ToolContributions.contribute("weather", tools),
      more: { tool_runtime: [{ provider_id: "given", provider_type: "inline::code", config: { timeout_ms: 3000 } }] }
    })
    return {
      provider: { provider_type: "remote::strata", config: { base_url: back.url } },
      group: "given/given",
      answered: { name: "get_weather", arguments: { city: "Oslo" }, text: "Oslo: rain" },
      failing: { name: "get_weather", arguments: { city: "Nowhere" } },
      wrong: { name: "get_weather", arguments: { city: 7 }, says: /city: expected a text/ },
      slow: { name: "wait", arguments: {} },
      gone: back.close
    }
  })
)
