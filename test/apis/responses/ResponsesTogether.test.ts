/** One session with all that responses can have: an MCP server, approvals, functions, and work in the background. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { McpUpstream } from "../../support/McpUpstream.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { verify } from "../../support/verify.ts"

const outputOf = (answer: { readonly json: unknown }) => listOf(field(answer.json, "output"))
const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const typesIn = (answer: { readonly json: unknown }) => outputOf(answer).map((item) => field(item, "type"))

/** A vendor refuses a result of a call that was not made, and a call without a result. */
const assertMatching = (messages: ReadonlyArray<unknown>): void => {
  const called = messages.flatMap((each) => listOf(field(each, "tool_calls"))).map((call) => field(call, "id"))
  const answered = messages.flatMap((each) => field(each, "role") === "tool" ? [field(each, "tool_call_id")] : [])
  assert.sameMembers(answered, called)
}

const weather = {
  type: "function",
  name: "weather",
  parameters: { type: "object", properties: { message: { type: "string" } } }
}

/** What the client says to all that waits for it. */
const repliesTo = (answer: { readonly json: unknown }): ReadonlyArray<World.Json> =>
  outputOf(answer).flatMap((item): ReadonlyArray<World.Json> => {
    switch (field(item, "type")) {
      case "mcp_approval_request":
        return [{ type: "mcp_approval_response", approval_request_id: String(field(item, "id")), approve: true }]
      case "function_call":
        return [{ type: "function_call_output", call_id: String(field(item, "call_id")), output: "sunny" }]
      default:
        return []
    }
  })

describe("a session of responses with an MCP server, functions and work in the background", () => {
  it.live(
    "verifies identical without a network, and a fork from the middle of its tool loop goes on",
    () =>
      Effect.gen(function*() {
        const server = yield* McpUpstream.make()
        const { create, get, post, strata, upstream } = yield* World.given({
          model: World.toolModel,
          more: World.mcpHere
        })
        const mcp = { type: "mcp", server_label: "s", server_url: server.url }
        const tools = [{ ...mcp, require_approval: { never: { read_only: true } } }, weather]
        const inBackground = (body: World.Json) =>
          Effect.flatMap(
            create({ ...body, tools, background: true }, "s"),
            (queued) => World.awaitStatus(get, idOf(queued), "completed")
          )

        // One tool runs at once, one waits for a word, one is the client's.
        const asked = yield* inBackground({ input: "call read 1, write 2, weather 3" })
        assert.sameMembers(typesIn(asked), [
          "mcp_list_tools",
          "mcp_call",
          "mcp_approval_request",
          "function_call"
        ])
        assert.deepStrictEqual(server.called, [{ name: "read", message: "1" }])
        const answered = yield* inBackground({ previous_response_id: idOf(asked), input: repliesTo(asked) })
        assert.strictEqual(World.textOf(answered.json), "Tools said read: 1 and sunny and write: 2")
        const messages = listOf(field(upstream.received.at(-1)!.body, "messages"))
        assert.deepStrictEqual(messages.map((each) => field(each, "role")), [
          "user",
          "assistant",
          "tool",
          "tool",
          "tool"
        ])
        assert.deepStrictEqual(server.called, [{ name: "read", message: "1" }, { name: "write", message: "2" }])
        // The same in the foreground, streamed.
        const streamed = yield* create({
          previous_response_id: idOf(answered),
          input: "call read 4",
          tools,
          stream: true
        }, "s")
        assert.strictEqual(World.textOf(World.eventsOf(streamed).at(-1)!["response"]), "Tools said read: 4")

        const results = yield* strata.events({ sessionId: "s", types: ["turn:tool_results"] })
        assert.lengthOf(results, 3)
        /** A child from behind the results of a loop: the model gets them, and answers. */
        const goesOn = Effect.fnUntraced(function*(position: number, more: World.Json) {
          const fork = yield* post("/v1/sessions/s/fork", { position })
          assert.strictEqual(fork.status, 201, fork.text)
          const child = String(field(field(fork.json, "session"), "id"))
          const turn = yield* post(`/v1/sessions/${child}/turns`, { model: "upstream/m", tool_groups: [], ...more })
          assert.strictEqual(turn.status, 200, turn.text)
          assert.include(turn.text, "Tools said")
          const messages = listOf(field(upstream.received.at(-1)!.body, "messages"))
          assertMatching(messages)
          return messages.map((each) => field(each, "content"))
        })
        const [first, approved, last] = yield* strata.events({ sessionId: "s", types: ["turn:tool_results"] })
        const open = ["call_1_2", "call_1_3"].map((tool_call_id) => ({ tool_call_id, output: "given by the fork" }))
        assert.deepStrictEqual((yield* goesOn(first!.position, { tool_results: open })).slice(2), [
          "read: 1",
          "given by the fork",
          "given by the fork"
        ])
        assert.deepStrictEqual((yield* goesOn(approved!.position, {})).slice(2), ["read: 1", "sunny", "write: 2"])
        assert.strictEqual((yield* goesOn(last!.position, {})).at(-1), "read: 4")

        yield* strata.close
        const before = [server.headers.length, upstream.received.length]
        const [report] = yield* verify(strata.folder, ["s"])
        assert.deepInclude(report, { divergence: undefined, skipped: [], around: [] })
        // Three that a client made, and two attempts in the background.
        assert.strictEqual(report!.requests, 5)
        assert.deepStrictEqual([server.headers.length, upstream.received.length], before)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "given a call that was denied, or that nobody has answered, then a fork behind it has its result under its id",
    () =>
      Effect.gen(function*() {
        const server = yield* McpUpstream.make()
        const { create, post, strata, upstream } = yield* World.given({
          model: World.toolModel,
          more: World.mcpHere
        })
        const tools = [{ type: "mcp", server_label: "s", server_url: server.url, require_approval: "always" }]
        const conversation = idOf(yield* post("/v1/conversations", {}))
        const asked = yield* create({ conversation, input: "call write 1, write 2, write 3", tools }, "d")
        const requests = outputOf(asked).filter((item) => field(item, "type") === "mcp_approval_request")
        assert.lengthOf(requests, 3)
        const replies = [false, true].map((approve, index) => ({
          type: "mcp_approval_response",
          approval_request_id: String(field(requests[index], "id")),
          approve
        }))
        const answered = yield* create({ conversation, input: replies, tools }, "d")
        assert.strictEqual(answered.status, 200, answered.text)
        assert.deepStrictEqual(server.called, [{ name: "write", message: "2" }])
        const [results] = yield* strata.events({ sessionId: "d", types: ["turn:tool_results"] })
        const fork = yield* post("/v1/sessions/d/fork", { position: results!.position })
        const child = String(field(field(fork.json, "session"), "id"))
        const turn = yield* post(`/v1/sessions/${child}/turns`, { model: "upstream/m", tool_groups: [] })
        assert.strictEqual(turn.status, 200, turn.text)
        const messages = listOf(field(upstream.received.at(-1)!.body, "messages"))
        assertMatching(messages)
        const calls = listOf(field(messages.find((each) => field(each, "role") === "assistant"), "tool_calls"))
        const resultOf = (message: string) => {
          const call = calls.find((each) =>
            String(field(field(each, "function"), "arguments")).includes(`"${message}"`)
          )
          return field(messages.find((each) => field(each, "tool_call_id") === field(call, "id")), "content")
        }
        assert.strictEqual(resultOf("1"), "The call was denied. It was not made.")
        assert.strictEqual(resultOf("2"), "write: 2")
        assert.strictEqual(resultOf("3"), "Nobody has approved the call. It was not made.")
        yield* strata.close
        const [report] = yield* verify(strata.folder, ["d"])
        assert.deepInclude(report, { divergence: undefined, skipped: [], around: [] })
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "given responses that are not kept, whose client sends all of it again, then a fork has it once, with results under their ids",
    () =>
      Effect.gen(function*() {
        const server = yield* McpUpstream.make()
        const { create, post, strata, upstream } = yield* World.given({
          model: World.toolModel,
          more: World.mcpHere
        })
        const tools = [{ type: "mcp", server_label: "s", server_url: server.url, require_approval: "always" }]
        const input: ReadonlyArray<World.Json> = [{ type: "message", role: "user", content: "call write 1, write 2" }]
        const asked = yield* create({ input, tools, store: false }, "n")
        const output = outputOf(asked) as ReadonlyArray<World.Json>
        const again = [...input, ...output, ...repliesTo(asked)]
        const answered = yield* create({ input: again, tools, store: false }, "n")
        assert.strictEqual(World.textOf(answered.json), "Tools said write: 1 and write: 2")

        const forkAt = Effect.fnUntraced(function*(position: number, more: World.Json) {
          const fork = yield* post("/v1/sessions/n/fork", { position })
          const child = String(field(field(fork.json, "session"), "id"))
          const turn = yield* post(`/v1/sessions/${child}/turns`, { model: "upstream/m", tool_groups: [], ...more })
          assert.strictEqual(turn.status, 200, turn.text)
          const messages = listOf(field(upstream.received.at(-1)!.body, "messages"))
          assertMatching(messages)
          return messages.map((each) => field(each, "content"))
        })
        const [results] = yield* strata.events({ sessionId: "n", types: ["turn:tool_results"] })
        const begun = ["call write 1, write 2", null, "write: 1", "write: 2"]
        assert.deepStrictEqual<unknown>(yield* forkAt(results!.position, {}), begun)
        const [, last] = yield* strata.events({ sessionId: "n", types: ["execution:end"] })
        assert.deepStrictEqual<unknown>(yield* forkAt(last!.position, { input: "on" }), [
          ...begun,
          "Tools said write: 1 and write: 2",
          "on"
        ])
        yield* strata.close
        const [report] = yield* verify(strata.folder, ["n"])
        assert.deepInclude(report, { divergence: undefined, skipped: [], around: [] })
      }).pipe(Effect.scoped),
    60_000
  )
})
