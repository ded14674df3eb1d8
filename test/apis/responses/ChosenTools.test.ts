/** Which of its tools a request lets the model choose from. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import * as ChosenTools from "../../../src/apis/responses/ChosenTools.ts"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { McpUpstream } from "../../support/McpUpstream.ts"
import * as World from "../../support/ResponsesWorld.ts"

const tools: ReadonlyArray<Schema.JsonObject> = [
  { type: "function", name: "f" },
  { type: "function", name: "g" },
  { type: "mcp", server_label: "s" },
  { type: "web_search" },
  { type: "file_search", vector_store_ids: ["vs_1"] }
]
const allowed = (...chosen: ReadonlyArray<Schema.JsonObject>) =>
  ChosenTools.allowed({ tools, tool_choice: { type: "allowed_tools", mode: "auto", tools: chosen } })

describe("the tools a model may choose from", () => {
  it("given no choice among some, then they are all", () => {
    for (
      const tool_choice of [null, "required", { type: "function", name: "f" }, {
        type: "mcp",
        server_label: "s",
        name: "t"
      }]
    ) {
      const body = { tools, tool_choice }
      assert.strictEqual(ChosenTools.allowed(body), body)
    }
  })

  it("given allowed tools, then they are these alone, of every type", () => {
    assert.deepStrictEqual(allowed({ type: "function", name: "g" }), { tools: [tools[1]!], tool_choice: "auto" })
    assert.deepStrictEqual(allowed({ type: "mcp", server_label: "s" })["tools"], [tools[2]!])
    assert.deepStrictEqual(allowed({ type: "web_search_preview" }, { type: "file_search" })["tools"], tools.slice(3))
  })

  it.live("given an MCP server is chosen, then one of its tools must be called, and no other server is asked", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* McpUpstream.make(), yield* McpUpstream.make()]
      const { post, upstream } = yield* World.given({ model: World.toolModel, more: World.mcpHere })
      const server = (server_label: string, server_url: string) => ({
        type: "mcp",
        server_label,
        server_url,
        require_approval: "never"
      })
      const answer = yield* post("/v1/responses", {
        model: "upstream/m",
        input: "call read 1",
        tools: [{ type: "function", name: "f" }, server("one", one.url), server("other", other.url)],
        tool_choice: { type: "mcp", server_label: "other" }
      })
      assert.strictEqual(answer.status, 200, answer.text)
      const { body } = upstream.received.find(({ method }) => method === "POST")!
      assert.deepStrictEqual(listOf(field(body, "tools")).map((each) => field(field(each, "function"), "name")), [
        "read",
        "write"
      ])
      assert.strictEqual(field(body, "tool_choice"), "required")
      assert.deepStrictEqual(other.called, [{ name: "read", message: "1" }])
      assert.isEmpty(one.headers)
    }).pipe(Effect.scoped))
})
