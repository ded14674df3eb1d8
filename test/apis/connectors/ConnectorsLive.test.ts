/** Connectors: the MCP servers among the tool groups, by both of the paths that OGX has had for them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { EverythingServer } from "../../support/EverythingServer.ts"
import { Http } from "../../support/Http.ts"
import { ToolWorld } from "../../support/ToolWorld.ts"

const given = Effect.gen(function*() {
  const server = yield* EverythingServer.listening
  const { url } = yield* ToolWorld.make({
    more: {
      tool_runtime: [
        {
          provider_id: "mcp",
          provider_type: "remote::model-context-protocol",
          config: { allow_private_addresses: true }
        },
        { provider_id: "code", provider_type: "inline::code", config: {} }
      ]
    }
  })
  const registered = yield* Http.send(url, "/v1/toolgroups", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ toolgroup_id: "mcp::everything", provider_id: "mcp", mcp_endpoint: { uri: server.url } })
  })
  assert.strictEqual(registered.status, 200, registered.text)
  return { url, server }
})

const paths = ["/v1beta/connectors", "/v1alpha/admin/connectors"]

const dataOf = (json: unknown) => field(json, "data") as ReadonlyArray<unknown>

describe("GET /v1beta/connectors", () => {
  it.live(
    "given an MCP server and a group without address, then the server is a connector, and its tools are asked for",
    () =>
      Effect.gen(function*() {
        const { server, url } = yield* given
        for (const path of paths) {
          const connector = {
            connector_id: "mcp::everything",
            connector_type: "mcp",
            url: server.url,
            server_label: "mcp::everything",
            provider_id: "mcp"
          }
          assert.deepStrictEqual((yield* Http.send(url, path)).json, { data: [connector] })
          assert.deepStrictEqual((yield* Http.send(url, `${path}/mcp::everything`)).json, connector)
          const tools = dataOf((yield* Http.send(url, `${path}/mcp::everything/tools`)).json)
          assert.include(tools.map((tool) => field(tool, "name")), "echo")
          const tool = yield* Http.send(url, `${path}/mcp::everything/tools/echo`)
          assert.deepInclude(tool.json, { name: "echo", toolgroup_id: "mcp::everything", provider_id: "mcp" })
        }
      }),
    30_000
  )

  it.live(
    "given a connector or a tool that is not there, then it is 404, by its name",
    () =>
      Effect.gen(function*() {
        const { url } = yield* given
        for (const path of paths) {
          for (const missing of ["/none", "/none/tools", "/code%2Fcode", "/mcp::everything/tools/none"]) {
            const answer = yield* Http.send(url, path + missing)
            assert.strictEqual(answer.status, 404, `${path}${missing}: ${answer.text}`)
            assert.match(answer.text, /none|code\/code/)
          }
        }
      }),
    30_000
  )
})
