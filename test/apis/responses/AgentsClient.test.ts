/** OpenAI's Agents SDK works with Strata by its base URL. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Agent, tool } from "@openai/agents"
import { Effect } from "effect"
import { RateLimitError } from "openai"
import { runnerAt } from "../../support/AgentsRunner.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const echo = tool({
  name: "echo",
  description: "Says it again.",
  strict: false,
  parameters: {
    type: "object",
    properties: { say: { type: "string" } },
    required: ["say"],
    additionalProperties: true
  },
  execute: (input) => Promise.resolve(`echoed ${String((input as { readonly say?: unknown }).say)}`)
})

const agent = new Agent({ name: "Assistant", instructions: "Be brief.", model: "upstream/m", tools: [echo] })

describe.each(ways)("OpenAI's Agents SDK, before $way", ({ it }) => {
  it.live("runs a tool, goes on from the response before, and streams", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      yield* Effect.promise(async () => {
        const runner = runnerAt(strata.url)
        const first = await runner.run(agent, "call echo 1")
        assert.strictEqual(first.finalOutput, "Tools said echoed 1")
        const second = await runner.run(agent, "and now?", { previousResponseId: first.lastResponseId! })
        assert.strictEqual(second.finalOutput, "You said and now?")
        const streamed = await runner.run(agent, "call echo 2", { stream: true })
        let text = ""
        for await (const part of streamed.toTextStream()) text += part
        await streamed.completed
        assert.strictEqual(streamed.finalOutput, "Tools said echoed 2")
        assert.include(text, "Tools said echoed 2")
      })
    }).pipe(Effect.scoped), 20_000)

  it.live("gets a vendor's refusal as its client's own class", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({
        model: ({ method }) =>
          method === "POST" ? ScriptedAnswer.error(429, "Slow down.", "rate_limit_exceeded", "requests") : undefined
      })
      const failure = yield* Effect.promise(() =>
        runnerAt(strata.url).run(agent, "hello").catch((error: unknown) => error)
      )
      assert.instanceOf(failure, RateLimitError)
    }).pipe(Effect.scoped), 20_000)
})
