import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { TurnSettings } from "../../../src/kernel/turn/TurnSettings.ts"
import { openCalls } from "../../../src/kernel/turn/TurnState.ts"
import { says } from "../../support/HookedStrata.ts"
import * as TurnLoops from "../../support/TurnLoops.ts"

const tools = { echo: TurnLoops.says("again") }
const client = { name: "ofClient", parameters: { type: "object" } }

const turnOf = (script: TurnLoops.Script, settings: Partial<TurnSettings> = {}) => {
  const { asked, ports } = TurnLoops.portsOf(script)
  return Effect.map(TurnLoops.run({ ports, settings }), (ran) => ({ ...ran, asked }))
}

const types = (of: ReadonlyArray<string>) =>
  Effect.map(TurnLoops.events(of), (events) => events.map(({ type }) => type))

describe("The turn loop", () => {
  it.effect("calls the model until it has answered, and says what it does in order", () =>
    Effect.gen(function*() {
      const { turn, updates } = yield* turnOf({ answers: [["echo", "echo"], "fine"], tools })
      assert.deepInclude(turn, { status: "completed", iterations: 2, toolCalls: 2 })
      assert.deepStrictEqual(yield* types(["*"]), [
        "prompt:submit",
        "turn:start",
        "execution:start",
        "provider:request",
        "provider:response",
        "turn:message",
        "tool:pre",
        "tool:post",
        "tool:pre",
        "tool:post",
        "turn:tool_results",
        "provider:request",
        "provider:response",
        "turn:message",
        "execution:end",
        "orchestrator:complete"
      ])
      assert.deepStrictEqual(updates.map(({ type }) => type), [
        "started",
        "message",
        "tool_started",
        "tool_started",
        "tool_completed",
        "tool_completed",
        "message",
        "ended"
      ])
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect.each([
    { limit: "max_iterations", limits: { max_iterations: 2 }, iterations: 2, cost: undefined, value: "2" },
    { limit: "max_tokens", limits: { max_tokens: 40 }, iterations: 3, cost: undefined, value: "45" },
    { limit: "max_cost", limits: { max_cost: "0.5" }, iterations: 1, cost: "0.75", value: "0.75" },
    { limit: "max_cost", limits: { max_cost: "0.5" }, iterations: 1, cost: undefined, value: "unknown" }
  ])(
    "ends incomplete at $limit ($value), with a result for each call",
    ({ cost, iterations, limit, limits, value }) =>
      Effect.gen(function*() {
        const script = {
          answers: Array.from({ length: 9 }, () => ["echo"]),
          tools,
          ...cost === undefined ? {} : { cost }
        }
        const { state, turn } = yield* turnOf(script, { limits })
        assert.deepInclude(turn, { status: "incomplete", reason: limit, iterations })
        assert.isEmpty(openCalls(state.messages))
        const [reached] = yield* TurnLoops.events(["turn:limit"])
        assert.strictEqual(Object(payloadOf(reached!)).value, value)
      }).pipe(Effect.provide(TurnLoops.layer()))
  )

  it.effect("answers calls beyond the most that are made with an error, and goes on", () =>
    Effect.gen(function*() {
      const { turn } = yield* turnOf({ answers: [["echo", "echo", "echo"]], tools }, { limits: { max_tool_calls: 2 } })
      assert.strictEqual(turn.status, "completed")
      assert.include(JSON.stringify(turn.output), "At most 2 calls")
      assert.lengthOf(yield* types(["tool:pre"]), 2)
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("makes no more than 1000 calls where nobody says how many, however many a model asks for at once", () =>
    Effect.gen(function*() {
      const { turn } = yield* turnOf({ answers: [Array.from({ length: 1100 }, () => "echo")], tools })
      assert.strictEqual(turn.status, "completed")
      assert.include(JSON.stringify(turn.output), "At most 1000 calls")
      assert.lengthOf(yield* types(["tool:pre"]), 1000)
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("leaves calls of the client's tools to the client, and runs its own", () =>
    Effect.gen(function*() {
      const { state, turn } = yield* turnOf({ answers: [["echo", "ofClient", "ofNobody"]], tools }, { tools: [client] })
      assert.strictEqual(turn.status, "requires_action")
      assert.deepStrictEqual(openCalls(state.messages).map(({ name }) => name), ["ofClient"])
      assert.include(JSON.stringify(turn.output), "There is no tool ofNobody; there is: echo, ofClient.")
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("ends with the model's failure", () =>
    Effect.gen(function*() {
      const { turn } = yield* turnOf({ answers: [{ fails: "rate_limit" }] })
      assert.deepInclude(turn, { status: "error", error: { type: "rate_limit", message: "it rate_limit" } })
      assert.lengthOf(yield* types(["provider:error"]), 1)
      assert.lengthOf(yield* types(["execution:end"]), 1)
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("takes a bug of a tool as its result", () =>
    Effect.gen(function*() {
      const broken = { echo: () => Effect.die(new Error("a bug")) }
      const { turn } = yield* turnOf({ answers: [["echo"]], tools: broken })
      assert.strictEqual(turn.status, "completed")
      assert.include(JSON.stringify(turn.output), "The tool failed.")
      assert.lengthOf(yield* types(["execution:end"]), 1)
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("asks for a tool once where one is required", () =>
    Effect.gen(function*() {
      const { asked } = yield* turnOf({ answers: [["echo"], "fine"], tools }, { tool_choice: "required" })
      assert.deepStrictEqual(asked.map(({ tool_choice }) => tool_choice), ["required", "auto"])
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("tells the model its instructions each time, and keeps them out of the conversation", () =>
    Effect.gen(function*() {
      const { asked, state } = yield* turnOf({ answers: [["echo"], "fine"], tools }, { instructions: "Be brief." })
      for (const { messages } of asked) assert.deepInclude(messages[0]!, { role: "system", content: "Be brief." })
      assert.isTrue(state.messages.every(({ role }) => role !== "system"))
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("does not begin where a hook denies it", () =>
    Effect.gen(function*() {
      const { asked, turn } = yield* turnOf({ answers: ["fine"] })
      assert.isEmpty(asked)
      assert.deepInclude(turn, { status: "error", reason: "denied_by_hook" })
    }).pipe(Effect.provide(TurnLoops.layer([says("prompt:submit", { action: "deny", reason: "no" })]))))

  it.effect("makes the conversation shorter, with a summary of what is left out", () =>
    Effect.gen(function*() {
      const { asked, ports } = TurnLoops.portsOf({ answers: ["one", "two", "notes", "three"] })
      const compaction = { max_context_tokens: 20, strategy: "summarize" as const }
      for (const content of ["a ".repeat(30), "b ".repeat(30)]) {
        yield* TurnLoops.run({ ports, messages: [{ role: "user", content }] })
      }
      const { state } = yield* TurnLoops.run({
        ports,
        settings: { compaction },
        messages: [{ role: "user", content: "c" }]
      })
      assert.deepStrictEqual(
        state.messages.map(({ content }) =>
          typeof content === "string" ? content : content.map(({ text }) => text).join("")
        ),
        ["What was said before, in short:\nnotes", "c", "three"]
      )
      assert.deepStrictEqual(asked.map(({ messages }) => messages.length), [1, 3, 5, 2])
      assert.deepStrictEqual(yield* types(["context:*"]), ["context:pre_compact", "context:post_compact"])
      assert.deepStrictEqual(TurnLoops.withoutPositions(yield* TurnLoops.folded), TurnLoops.withoutPositions(state))
    }).pipe(Effect.provide(TurnLoops.layer())))

  it.effect("takes linear space: each message is stored once", () =>
    Effect.gen(function*() {
      const { ports } = TurnLoops.portsOf({
        answers: Array.from({ length: 40 }, (_, n) => n % 2 === 0 ? ["echo"] : "fine"),
        tools
      })
      const sizes: Array<number> = []
      for (let turn = 0; turn < 20; turn++) {
        const before = (yield* TurnLoops.events(["*"])).reduce((sum, { payload }) => sum + payload.length, 0)
        yield* TurnLoops.run({ ports })
        sizes.push((yield* TurnLoops.events(["*"])).reduce((sum, { payload }) => sum + payload.length, 0) - before)
      }
      assert.isAtMost(sizes.at(-1)!, sizes[1]! + 20)
    }).pipe(Effect.provide(TurnLoops.layer())))
})
