/** Tools of MCP servers in responses: listed, called after an approval, and never where they may not be. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { EverythingServer } from "../../support/EverythingServer.ts"
import { Http } from "../../support/Http.ts"
import * as World from "../../support/ResponsesWorld.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const typesIn = (response: unknown) => listOf(field(response, "output")).map((item) => field(item, "type"))

const given = (allow_private_addresses: boolean) =>
  World.given({
    model: World.toolModel,
    more: {
      tool_runtime: [{
        provider_id: "mcp",
        provider_type: "remote::model-context-protocol",
        config: { allow_private_addresses }
      }]
    }
  })

const tool = (url: string, more: World.Json = {}): World.Json => ({
  type: "mcp",
  server_label: "everything",
  server_url: url,
  allowed_tools: ["echo"],
  ...more
})

describe("a response with an MCP server", () => {
  it.live(
    "given no word on approvals, when a tool is called, then it waits, and is called with the approved arguments",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { create, strata, verify } = yield* given(true)
        const tools = [tool(server.url)]
        const first = yield* create({ input: "call echo 1", tools, stream: true }, "s")
        const events = World.eventsOf(first)
        const asked = events.at(-1)!["response"]
        assert.deepStrictEqual(typesIn(asked), ["mcp_list_tools", "mcp_approval_request"])
        assert.lengthOf(yield* strata.events({ types: ["tool:request"] }), 0)
        const approval_request_id = String(field(listOf(field(asked, "output"))[1], "id"))
        const second = yield* create({
          previous_response_id: String(field(asked, "id")),
          input: [{ type: "mcp_approval_response", approval_request_id, approve: true }],
          tools
        }, "s")
        assert.strictEqual(second.status, 200, second.text)
        const [call] = listOf(field(second.json, "output"))
        assert.deepInclude(call as object, { type: "mcp_call", approval_request_id, name: "echo", status: "completed" })
        assert.strictEqual(World.textOf(second.json), "Tools said Echo: 1")
        const third = yield* create({ previous_response_id: idOf(second), input: "and now?" }, "s")
        assert.strictEqual(World.textOf(third.json), "You said and now?")
        assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given an approval that is denied, then no call is made, and the model learns why",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { create, strata } = yield* given(true)
        const tools = [tool(server.url, { require_approval: "always" })]
        const first = yield* create({ input: "call echo 1", tools })
        const approval_request_id = String(field(listOf(field(first.json, "output"))[1], "id"))
        const second = yield* create({
          previous_response_id: idOf(first),
          input: [{ type: "mcp_approval_response", approval_request_id, approve: false, reason: "not today" }],
          tools
        })
        assert.include(World.textOf(second.json), "not today")
        assert.lengthOf(yield* strata.events({ types: ["tool:request"] }), 0)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given a connector that is registered, in place of an address, then its tools are called, and the session verifies",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { create, get, strata, verify } = yield* given(true)
        const group = { toolgroup_id: "mcp::everything", provider_id: "mcp", mcp_endpoint: { uri: server.url } }
        assert.strictEqual((yield* Http.post(strata.url, "/v1/toolgroups", group)).status, 200)
        const connected = (connector_id: string): ReadonlyArray<World.Json> => [{
          type: "mcp",
          server_label: "everything",
          connector_id,
          allowed_tools: ["echo"],
          require_approval: "never"
        }]
        const answer = yield* create({ input: "call echo 1", tools: connected("mcp::everything") }, "s")
        assert.strictEqual(answer.status, 200, answer.text)
        assert.deepStrictEqual(typesIn(answer.json), ["mcp_list_tools", "mcp_call", "message"])
        assert.strictEqual(World.textOf(answer.json), "Tools said Echo: 1")
        const background = yield* create({
          input: "call echo 2",
          tools: connected("mcp::everything"),
          background: true
        }, "s")
        const ended = yield* World.awaitStatus(get, idOf(background), "completed")
        assert.strictEqual(World.textOf(ended.json), "Tools said Echo: 2")
        assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 3 })

        const unknown = yield* create({ input: "call echo 1", tools: connected("connector_gmail") })
        assert.strictEqual(unknown.status, 400)
        assert.deepInclude(field(unknown.json, "error") as object, {
          code: "unknown_connector",
          param: "tools[0].connector_id"
        })
        const both = yield* create({ input: "hello", tools: [tool(server.url, { connector_id: "mcp::everything" })] })
        assert.deepInclude(field(both.json, "error") as object, { code: "mutually_exclusive_parameters" })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given a tool that never needs an approval, when it is streamed, then it is called at once",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { create } = yield* given(true)
        const tools = [tool(server.url, { require_approval: { never: { tool_names: ["echo"] } } })]
        const answer = yield* create({ input: "call echo 1, echo 2", tools, stream: true })
        const events = World.eventsOf(answer)
        assert.deepStrictEqual(events.map((event) => event["sequence_number"]), events.map((_, index) => index))
        const types = World.typesOf(events)
        for (
          const type of [
            "response.mcp_list_tools.completed",
            "response.mcp_call_arguments.done",
            "response.mcp_call.completed"
          ]
        ) {
          assert.include(types, type)
        }
        assert.deepStrictEqual(typesIn(events.at(-1)!["response"]), [
          "mcp_list_tools",
          "mcp_call",
          "mcp_call",
          "message"
        ])
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given an address of this machine, when the operator has not allowed it, then the answer says so",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { create } = yield* given(false)
        for (const url of [server.url, "http://169.254.169.254/"]) {
          const answer = yield* create({
            input: "call echo 1",
            tools: [tool(url, { headers: { authorization: "Bearer caller-secret" } })]
          })
          assert.strictEqual(answer.status, 424, answer.text)
          assert.include(answer.text, "address is not allowed")
        }
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("given a server's label twice, or more servers than are asked for one response, then the field is named", () =>
    Effect.gen(function*() {
      const { create } = yield* given(true)
      const many = (count: number) =>
        Array.from({ length: count }, (_, at) => tool("https://tools.example", { server_label: `s${at}` }))
      for (
        const [tools, param] of [
          [[...many(2), ...many(2)], "tools[2].server_label"],
          [many(129), "tools"],
          [many(10_000), "tools"]
        ] as const
      ) {
        const answer = yield* create({ input: "hello", tools })
        assert.strictEqual(answer.status, 400, answer.text)
        assert.strictEqual(field(field(answer.json, "error"), "param"), param)
      }
    }).pipe(Effect.scoped))

  it.live("given a tool that nobody serves, then the answer names it, why, and what to do", () =>
    Effect.gen(function*() {
      const { create } = yield* given(true)
      for (const type of ["code_interpreter", "web_search"]) {
        const answer = yield* create({ input: "hello", tools: [{ type }] })
        assert.strictEqual(answer.status, 400)
        assert.match(answer.text, new RegExp(`tools\\[0\\].*${type}`))
        assert.match(answer.text, /can't be used: .{30}/)
      }
    }).pipe(Effect.scoped))
})
