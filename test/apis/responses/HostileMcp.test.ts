/** MCP servers that a request names, and that mean harm or do not care. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as ScriptedMcp from "../../support/ScriptedMcp.ts"

const given = (config: Schema.JsonObject = {}) =>
  World.given({
    model: World.toolModel,
    more: {
      tool_runtime: [{
        provider_id: "mcp",
        provider_type: "remote::model-context-protocol",
        config: { allow_private_addresses: true, ...config }
      }]
    }
  })

const tool = (server_url: string, more: World.Json = {}): World.Json => ({
  type: "mcp",
  server_label: "s",
  server_url,
  require_approval: "never",
  ...more
})

const itemsOf = (answer: { readonly json: unknown }, type: string) =>
  listOf(field(answer.json, "output")).filter((item) => field(item, "type") === type)

describe("an MCP server of a request", () => {
  it.live("given it says the caller's token, then no model learns it, nor does the log, and the session verifies", () =>
    Effect.gen(function*() {
      const server = yield* ScriptedMcp.make({ call: (_, { authorization }) => `You came with ${authorization}` })
      const { create, strata, upstream, verify } = yield* given()
      const tools = [tool(server.url, { authorization: "token-4711-4712-4713" })]
      const answer = yield* create({ input: "call echo 1", tools }, "s")
      assert.strictEqual(World.textOf(answer.json), "Tools said You came with [REDACTED]")
      for (const { bodyText } of upstream.received) assert.notInclude(bodyText, "4712")
      assert.notInclude(JSON.stringify(yield* strata.events({ sessionId: "s" })), "4712")
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("given tools whose names no model takes, then models have others for them, and clients the server's", () =>
    Effect.gen(function*() {
      const names = ["crm.search", "a\nb", "../../etc", "l".repeat(300), "x y", "x_y"]
      const server = yield* ScriptedMcp.make({ list: () => ScriptedMcp.toolsOf(...names) })
      const { create, upstream, verify } = yield* given()
      const first = yield* create({ input: "call crm_search 1", tools: [tool(server.url)] }, "s")
      assert.deepStrictEqual(server.called, ["crm.search"])
      assert.deepInclude(itemsOf(first, "mcp_call")[0] as object, { name: "crm.search", status: "completed" })
      const [list] = itemsOf(first, "mcp_list_tools")
      assert.sameMembers(listOf(field(list, "tools")).map((each) => String(field(each, "name"))), names)
      const offered = listOf(field(upstream.received.find(({ method }) => method === "POST")!.body, "tools"))
        .map((each) => String(field(field(each, "function"), "name")))
      assert.lengthOf(new Set(offered), names.length)
      for (const name of offered) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/)
      // Of two that come to the same, neither is taken for the other.
      assert.notInclude(offered, "x_y")
      const asking = [tool(server.url, { require_approval: "always" })]
      const waiting = yield* create({ input: "call crm_search 2", tools: asking }, "s")
      const [request] = itemsOf(waiting, "mcp_approval_request")
      assert.deepInclude(request as object, { name: "crm.search", server_label: "s" })
      const approved = yield* create({
        previous_response_id: String(field(waiting.json, "id")),
        input: [{ type: "mcp_approval_response", approval_request_id: String(field(request, "id")), approve: true }],
        tools: asking
      }, "s")
      assert.deepInclude(itemsOf(approved, "mcp_call")[0] as object, { name: "crm.search", status: "completed" })
      assert.deepStrictEqual(server.called, ["crm.search", "crm.search"])
      for (const { bodyText } of upstream.received) assert.notInclude(bodyText, "crm.search")
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  const lists: ReadonlyArray<readonly [what: string, list: (page: number) => Schema.JsonObject, says: RegExp]> = [
    [
      "without end",
      (page) => ({ ...ScriptedMcp.toolsOf("echo"), nextCursor: `c${page}` }),
      /did not list its tools within 300 ms/
    ],
    [
      "more than is taken",
      () => ScriptedMcp.toolsOf(...Array.from({ length: 1001 }, (_, at) => `t${at}`)),
      /more than 1000 tools/
    ],
    ["pages that are too much together", (page) => ({
      tools: [{ name: `t${page}`, inputSchema: { type: "object", description: "x".repeat(1500) } }],
      nextCursor: `c${page}`
    }), /more than 4096 bytes/]
  ]
  it.live.each(lists)(
    "given it lists %s, then it is refused, and the answer says why",
    ([, list, says]) =>
      Effect.gen(function*() {
        const server = yield* ScriptedMcp.make({ list })
        const isLong = says.source.includes("4096")
        const { create, verify } = yield* given({ timeout_ms: 300, ...isLong ? { max_message_bytes: 4096 } : {} })
        const answer = yield* create({ input: "hello", tools: [tool(server.url)] }, "s")
        assert.strictEqual(answer.status, 424, answer.text)
        assert.match(answer.text, says)
        assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
      }).pipe(Effect.scoped)
  )

  it.live("given more of them than stay connected, then any more are asked all the same, and left after the call", () =>
    Effect.gen(function*() {
      const [kept, other] = [yield* ScriptedMcp.make(), yield* ScriptedMcp.make()]
      const { create } = yield* given({ max_servers: 1 })
      for (const { url } of [kept, other, kept, other]) {
        const answer = yield* create({ input: "call echo 1", tools: [tool(url)] })
        assert.strictEqual(World.textOf(answer.json), "Tools said done", answer.text)
      }
      assert.strictEqual(kept.ended(), 0)
      // Listed and called, each time by a connection of its own.
      assert.strictEqual(other.ended(), 4)
    }).pipe(Effect.scoped))

  it.live("given nobody asks it for a while, then it is left, and connected anew for who asks", () =>
    Effect.gen(function*() {
      const server = yield* ScriptedMcp.make()
      const { create } = yield* given({ idle_timeout_ms: 1 })
      for (const count of [1, 2]) {
        const answer = yield* create({ input: "call echo 1", tools: [tool(server.url)] })
        assert.strictEqual(World.textOf(answer.json), "Tools said done", answer.text)
        while (server.ended() < count) yield* Effect.sleep("10 millis")
      }
    }).pipe(Effect.scoped))
})
