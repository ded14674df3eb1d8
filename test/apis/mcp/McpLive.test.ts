/** Strata as an MCP server, asked by the SDK's client: as who asks, recorded, and verified. */
// @effect-diagnostics asyncFunction:off newPromise:off extendsNativeError:off
import { assert, describe, it } from "@effect/vitest"
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import { Effect, Schema } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as Tool from "../../../src/kernel/tools/Tool.ts"
import * as ToolContributions from "../../../src/kernel/tools/ToolContributions.ts"
import { CurrentToolHost } from "../../../src/kernel/tools/ToolHost.ts"
import { Http } from "../../support/Http.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import { ToolWorld } from "../../support/ToolWorld.ts"
import { verify } from "../../support/verify.ts"

const more = { tool_runtime: [{ provider_id: "code", provider_type: "inline::code", config: {} }] }

const tools = [
  Tool.make({
    name: "get_weather",
    description: "The weather.",
    input: Schema.Struct({ city: Schema.String }),
    execute: ({ city }) => Effect.succeed(`${city}: rain`)
  }),
  Tool.make({
    name: "wait",
    description: "Waits until it is given up.",
    execute: () =>
      Effect.andThen(Effect.flatMap(CurrentToolHost, ({ progress }) => progress({ progress: 1 })), Effect.never)
  })
]

const world = (options: StrataOptions = {}) =>
  ToolWorld.make({ more, extensions: ToolContributions.contribute("weather", tools), ...options })

const connect = (url: string, headers: Record<string, string> = {}) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const client = new Client({ name: "test", version: "1" })
      const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } })
      await client.connect(transport as never)
      return { client, id: transport.sessionId ?? "" }
    }),
    ({ client }) => Effect.promise(() => client.close())
  )

const call = ({ client }: { readonly client: Client }, name: string, given: Record<string, unknown> = {}) =>
  Effect.map(
    Effect.promise(() => client.callTool({ name, arguments: given })),
    (result) => ({ text: ToolWorld.textOf(result), isError: result.isError === true })
  )

describe("Strata as an MCP server", () => {
  it.live("has its tools and those for agents that read its log", () =>
    Effect.gen(function*() {
      const { url } = yield* world()
      const { client } = yield* connect(url)
      const { tools } = yield* Effect.promise(() => client.listTools())
      assert.deepStrictEqual(tools.map(({ name }) => name), [
        "query_events",
        "read_session",
        "verify_session",
        "fork_session",
        "get_weather",
        "wait"
      ])
    }))

  it.live("records each call of a tool as a request of its session, which is verified", () =>
    Effect.gen(function*() {
      const strata = yield* world()
      const agent = yield* connect(strata.url, { authorization: "Bearer sk-of-the-agent-1234567" })
      assert.deepStrictEqual(yield* call(agent, "get_weather", { city: "Oslo" }), {
        text: "Oslo: rain",
        isError: false
      })
      assert.isTrue((yield* call(agent, "get_weather", { city: 7 })).isError)
      const session = `mcp-${agent.id}`
      const events = yield* strata.events({ sessionId: session })
      assert.lengthOf(events.filter(({ type }) => type === "api:request"), 2)
      assert.lengthOf(events.filter(({ type }) => type === "tool:response"), 2)
      assert.notInclude(JSON.stringify(yield* strata.events()), "sk-of-the-agent")
      const verified = yield* call(agent, "verify_session", { session_id: session })
      assert.include(verified.text, "\"identical\"", verified.text)
      yield* strata.close
      const [report] = yield* verify(strata.folder, [session])
      assert.deepInclude(report, { requests: 2, skipped: [], divergence: undefined })
    }), 30_000)

  it.live("lets agents read the log, and fork what they read", () =>
    Effect.gen(function*() {
      const { url } = yield* world()
      const agent = yield* connect(url, { "x-strata-session-id": "mine" })
      yield* call(agent, "get_weather", { city: "Oslo" })
      const queried = yield* call(agent, "query_events", { session_id: "mine", type: "tool:*" })
      const types = queried.text.split("\n").map((line) => field(JSON.parse(line), "type"))
      assert.deepStrictEqual(types, ["tool:request", "tool:response"])
      assert.include((yield* call(agent, "read_session", { session_id: "mine" })).text, "\"id\":\"mine\"")
      const absent = yield* call(agent, "read_session", { session_id: "yours" })
      assert.isTrue(absent.isError, absent.text)
      const forked = yield* call(agent, "fork_session", { session_id: "mine", new_session_id: "mine-2" })
      assert.include(forked.text, "\"session.fork\"", forked.text)
      assert.strictEqual((yield* Http.send(url, "/v1/sessions/mine-2")).status, 200)
    }), 30_000)

  it.live("gives up a tool whose call is cancelled, and tells of its progress before", () =>
    Effect.gen(function*() {
      const strata = yield* world()
      const { client, id } = yield* connect(strata.url)
      yield* Effect.promise(async () => {
        const controller = new AbortController()
        const calling = client.callTool({ name: "wait", arguments: {} }, undefined, {
          signal: controller.signal,
          onprogress: () => controller.abort()
        })
        await calling.then(() => assert.fail("it was answered"), () => {})
      })
      const [error] = yield* strata.awaitEvents({ sessionId: `mcp-${id}`, types: ["tool:error"] })
      assert.strictEqual(field(field(ToolWorld.payload(error!), "error"), "type"), "interrupted")
    }), 30_000)

  it.live("knows no session that is not there, and refuses strange hosts", () =>
    Effect.gen(function*() {
      const { url } = yield* world()
      const ask = (headers: Record<string, string>) =>
        Http.send(url, "/mcp", {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" })
        })
      assert.strictEqual((yield* ask({ "mcp-session-id": "nobody" })).status, 404)
      assert.strictEqual((yield* ask({})).status, 400)
      assert.strictEqual((yield* ask({ host: "evil.example.com" })).status, 421)
      assert.strictEqual((yield* ask({ origin: "https://evil.example.com" })).status, 403)
    }))
})
