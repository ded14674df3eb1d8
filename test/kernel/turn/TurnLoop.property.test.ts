import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { openCalls, pending } from "../../../src/kernel/turn/TurnState.ts"
import * as TurnLoops from "../../support/TurnLoops.ts"

const tools = {
  works: TurnLoops.says("works"),
  fails: TurnLoops.says("it failed", true),
  asks: TurnLoops.says("was allowed")
}

/** Names of tools: of the server, of the client, and of nobody. */
const Name = Schema.Literals(["works", "fails", "asks", "ofClient", "ofNobody"])
const Step = Schema.Union([
  Schema.String,
  Schema.Array(Name).check(Schema.isMinLength(1), Schema.isMaxLength(4)),
  Schema.Struct({ fails: Schema.Literals(["network", "rate_limit"]) })
])
const Scripted = Schema.Struct({
  answers: Schema.Array(Step).check(Schema.isMaxLength(6)),
  policy: Schema.Literals(["ask", "allow", "deny"]),
  max_iterations: Schema.Literals([1, 2, 3, 10]),
  max_tool_calls: Schema.Literals([0, 2, 100]),
  compaction: Schema.Boolean,
  strategy: Schema.Literals(["drop_oldest", "summarize"])
})

const client = { name: "ofClient", parameters: { type: "object" } }

describe("Turns by any script", () => {
  it.effect.prop(
    "come to the same in the process and by the log, end once, and part no call from its result",
    { script: Scripted },
    ({ script: { answers, compaction, max_iterations, max_tool_calls, policy, strategy } }) =>
      Effect.gen(function*() {
        const { asked, ports } = TurnLoops.portsOf({ answers, tools, requiresApproval: ["asks"] })
        const settings = {
          tools: [client],
          approval: { policy },
          limits: { max_iterations, max_tool_calls },
          ...compaction ? { compaction: { max_context_tokens: 60, strategy } } : {}
        }
        let ended = 0
        for (let turn = 0; turn < 3; turn++) {
          const before = yield* TurnLoops.folded
          const open = openCalls(before.messages)
          const results = open.map(({ id }) => ({ type: "tool_result" as const, tool_call_id: id, output: "by hand" }))
          const messages = [
            ...results.length === 0 ? [] : [{ role: "tool" as const, content: results }],
            { role: "user" as const, content: `question ${turn}` }
          ]
          const ran = yield* TurnLoops.run({ ports, settings, messages })
          ended += 1
          const folded = yield* TurnLoops.folded
          assert.deepStrictEqual(TurnLoops.withoutPositions(folded), TurnLoops.withoutPositions(ran.state))
          assert.lengthOf(yield* TurnLoops.events(["execution:end"]), ended)
          const { execution, iterations, status } = ran.turn
          assert.isUndefined(execution)
          assert.isAtMost(iterations, max_iterations)
          const left = openCalls(folded.messages)
          if (status === "completed") assert.isEmpty(left)
          if (status === "requires_approval") assert.isNotEmpty(pending(ran.turn))
          if (status === "requires_action") assert.isTrue(left.every(({ name }) => name === "ofClient"))
        }
        for (const { messages } of asked) {
          const calls = messages.flatMap(({ content }) => typeof content === "string" ? [] : content)
          const ids = (type: string, name: string) =>
            calls.flatMap((block) => block.type === type ? [String(block[name])] : [])
          // The client's come behind those of the server.
          assert.deepStrictEqual(ids("tool_call", "id").toSorted(), ids("tool_result", "tool_call_id").toSorted())
        }
      }).pipe(Effect.provide(TurnLoops.layer()))
  )
})
