/** Hooks of a run: what they say is what the scenario of the request says, found by its mark. */
import { Effect } from "effect"
import type { Layer, Schema } from "effect"
import type { HookEvent } from "../../../src/kernel/hooks/Hook.ts"
import type { HookResult } from "../../../src/kernel/hooks/HookResult.ts"
import { Hooks } from "../../../src/kernel/hooks/Hooks.ts"
import * as Scenario from "./Scenario.ts"

const scenarioOf = (seed: number, text: string) => {
  const found = /golden-(\d+)/.exec(text)
  return found === null ? undefined : Scenario.of(seed, Number(found[1]))
}

const says = (seed: number, { data, type }: HookEvent): Effect.Effect<HookResult | void, unknown> => {
  const text = JSON.stringify(data)
  const scenario = scenarioOf(seed, text)
  const changed = () => JSON.parse(text.replaceAll("Hello", "Good day")) as Schema.JsonObject
  switch (type === "llm:request" ? scenario?.hook : scenario?.hookOnAnswer) {
    case "continue":
      return Effect.succeed({ action: "continue", user_message: "Seen. sk-hook-0123456789abcdefghijklmn" })
    case "deny":
      return Effect.succeed({ action: "deny", reason: `Not ${text.slice(0, 60)}` })
    case "modify":
      return Effect.succeed({ action: "modify", data: changed() })
    case "inject":
      return Effect.succeed({ action: "inject_context", context_injection: "It rains. 雨" })
    case "fail":
      return Effect.fail("out of order")
    default:
      return Effect.void
  }
}

export const layer = (seed: number): Layer.Layer<never, never, Hooks> =>
  Hooks.contribute({ name: "golden", pattern: "llm:*", handler: (event) => says(seed, event) })
