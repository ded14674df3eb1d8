/** A run of OpenAI's Agents SDK that waits for approvals is put away as text, and goes on with the answers. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it as alone } from "@effect/vitest"
import type { RunToolApprovalItem } from "@openai/agents"
import { Agent, hostedMcpTool, RunState, tool } from "@openai/agents"
import { Effect } from "effect"
import { runnerAt } from "../../support/AgentsRunner.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as ScriptedMcp from "../../support/ScriptedMcp.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const agentWith = (tools: ReadonlyArray<unknown>) =>
  new Agent({ name: "Assistant", instructions: "Be brief.", model: "upstream/m", tools: tools as never })

const echoing = () => {
  const calls: Array<string> = []
  const echo = tool({
    name: "echo",
    description: "Says it again.",
    strict: false,
    needsApproval: true,
    parameters: {
      type: "object",
      properties: { say: { type: "string" } },
      required: ["say"],
      additionalProperties: true
    },
    execute: (input) => {
      const { say } = input as { readonly say: string }
      calls.push(say)
      return Promise.resolve(`echoed ${say}`)
    }
  })
  return { calls, agent: agentWith([echo]) }
}

type Answer = (state: RunState<unknown, Agent>, item: RunToolApprovalItem) => void

const grant: Answer = (state, item) => state.approve(item)
const deny: Answer = (state, item) => state.reject(item)

/** Waits, is put away, is answered by somebody else, and goes on to its end. */
const answered = async (url: string, agent: Agent, input: string, answer: Answer, more: object = {}) => {
  const first = await runnerAt(url).run(agent, input, more)
  assert.isNotEmpty(first.interruptions)
  const state = await RunState.fromString(agent, first.state.toString())
  for (const item of state.getInterruptions()) answer(state as never, item)
  const second = await runnerAt(url).run(agent, state, more)
  assert.lengthOf(second.interruptions, 0)
  return second
}

describe.each(ways)("a run that waits for approvals, before $way", ({ it }) => {
  it.live(
    "of the client's own tools calls those that are approved, and tells the model of the others",
    () =>
      Effect.gen(function*() {
        const { strata } = yield* World.given()
        yield* Effect.promise(async () => {
          const { agent, calls } = echoing()
          const granted = await answered(strata.url, agent, "call echo 1, echo 2", grant)
          assert.deepStrictEqual(calls, ["1", "2"])
          assert.include(String(granted.finalOutput), "echoed 1")
          assert.include(String(granted.finalOutput), "echoed 2")
          const denied = await answered(strata.url, agent, "call echo 3", deny)
          assert.notInclude(calls, "3")
          assert.match(String(denied.finalOutput), /not approved/)
          // Goes on from the response that called.
          const before = await runnerAt(strata.url).run(agent, "hello")
          const next = await answered(strata.url, agent, "call echo 4", grant, {
            previousResponseId: before.lastResponseId!
          })
          assert.strictEqual(next.finalOutput, "Tools said echoed 4")
        })
      }).pipe(Effect.scoped),
    30_000
  )
})

describe("a run that waits for approvals", () => {
  alone.live("of an MCP server's tools is gone on with here", () =>
    Effect.gen(function*() {
      const server = yield* ScriptedMcp.make()
      const { strata } = yield* World.given({ model: World.toolModel, more: World.mcpHere })
      yield* Effect.promise(async () => {
        const agent = agentWith([
          hostedMcpTool({ serverLabel: "s", serverUrl: server.url, requireApproval: "always" })
        ])
        const granted = await answered(strata.url, agent, "call echo 1", grant)
        assert.strictEqual(granted.finalOutput, "Tools said done")
        assert.deepStrictEqual(server.called, ["echo"])
        const denied = await answered(strata.url, agent, "call echo 2", deny)
        assert.match(String(denied.finalOutput), /denied/)
        assert.deepStrictEqual(server.called, ["echo"])
      })
    }).pipe(Effect.scoped), 30_000)
})
