/** Tool groups as registered resources: by clients, by the configuration, by providers. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { EverythingServer } from "../../support/EverythingServer.ts"
import { Http } from "../../support/Http.ts"
import { ToolWorld } from "../../support/ToolWorld.ts"

const mcp = (config: Record<string, boolean> = {}) => ({
  tool_runtime: [
    { provider_id: "mcp", provider_type: "remote::model-context-protocol", config },
    { provider_id: "code", provider_type: "inline::code", config: {} }
  ]
})

const register = (url: string, body: Record<string, unknown>) =>
  Http.send(url, "/v1/toolgroups", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body)
  })

describe("tool groups", () => {
  it.live(
    "name an MCP server, as Llama Stack registers it: its tools are there, and gone with it",
    () =>
      Effect.gen(function*() {
        const server = yield* EverythingServer.listening
        const { events, url } = yield* ToolWorld.make({ more: mcp({ allow_private_addresses: true }) })
        const group = { toolgroup_id: "mcp::everything", provider_id: "mcp", mcp_endpoint: { uri: server.url } }
        const registered = yield* register(url, group)
        assert.strictEqual(registered.status, 200, registered.text)
        assert.deepInclude(registered.json, { identifier: "mcp::everything", type: "tool_group", provider_id: "mcp" })
        const answer = yield* ToolWorld.invoke(url, {
          name: "echo",
          group: "mcp::everything",
          arguments: { message: "hi" }
        })
        assert.strictEqual(ToolWorld.textOf(answer.json), "Echo: hi", answer.text)
        const listed = yield* Http.send(url, "/v1/toolgroups")
        assert.deepStrictEqual(
          (field(listed.json, "data") as ReadonlyArray<unknown>).map((each) => field(each, "identifier")),
          ["code/code", "mcp::everything"]
        )
        const removed = yield* Http.send(url, "/v1/toolgroups/mcp::everything", { method: "DELETE" })
        assert.strictEqual(removed.status, 204, removed.text)
        assert.strictEqual((yield* Http.send(url, "/v1/toolgroups/mcp::everything")).status, 404)
        const state = (yield* events()).filter(({ type }) => type.startsWith("tool_group:"))
        assert.deepStrictEqual(ToolWorld.types(state), [
          "tool_group:registered",
          "tool_group:registered",
          "tool_group:unregistered"
        ])
      }),
    30_000
  )

  it.live("that clients name reach no address of this machine unless it is allowed", () =>
    Effect.gen(function*() {
      const { url } = yield* ToolWorld.make({ more: mcp() })
      yield* register(url, {
        toolgroup_id: "evil",
        provider_id: "mcp",
        mcp_endpoint: { uri: "http://169.254.169.254/latest" }
      })
      const answer = yield* ToolWorld.invoke(url, { name: "echo", group: "evil" })
      assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_address_refused", answer.text)
    }))

  it.live("are refused where their provider can't have them, with what to do instead", () =>
    Effect.gen(function*() {
      const { url } = yield* ToolWorld.make({ more: mcp() })
      const without = yield* register(url, { toolgroup_id: "x", provider_id: "mcp" })
      assert.strictEqual(without.status, 400, without.text)
      assert.include(without.text, "name one in mcp_endpoint")
      const endpoint = { uri: "https://mcp.example.com" }
      const code = yield* register(url, { toolgroup_id: "x", provider_id: "code", mcp_endpoint: endpoint })
      assert.include(code.text, "Use a provider remote::model-context-protocol")
      const secret = { uri: "https://user:pass@mcp.example.com" }
      const user = yield* register(url, { toolgroup_id: "x", provider_id: "mcp", mcp_endpoint: secret })
      assert.strictEqual(user.status, 400, user.text)
    }))

  it.live("stand in the configuration", () =>
    Effect.gen(function*() {
      const { url } = yield* ToolWorld.make({
        more: mcp(),
        toolGroups: [{ toolgroup_id: "docs", provider_id: "mcp", mcp_endpoint: { uri: "https://mcp.example.com/mcp" } }]
      })
      const docs = yield* Http.send(url, "/v1/toolgroups/docs")
      assert.deepInclude(docs.json, {
        source: "registered_resources",
        mcp_endpoint: { uri: "https://mcp.example.com/mcp" }
      })
      const removed = yield* Http.send(url, "/v1/toolgroups/docs", { method: "DELETE" })
      assert.strictEqual(removed.status, 409, removed.text)
    }))
})
