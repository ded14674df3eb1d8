/** The public report about MCP servers in responses, part by part: approvals, addresses, and whose headers go where. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import dns from "node:dns"
import { syncBuiltinESMExports } from "node:module"
import type { LookupFunction } from "node:net"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { McpUpstream } from "../../support/McpUpstream.ts"
import * as PublicCases from "../../support/PublicCases.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ToolUpstream } from "../../support/ToolUpstream.ts"

/** Long enough for addresses that nobody answers at. */
const patient = 30_000

const given = (config: World.Json = { allow_private_addresses: true }) =>
  World.given({
    model: World.toolModel,
    more: { tool_runtime: [{ provider_id: "mcp", provider_type: "remote::model-context-protocol", config }] }
  })

const outputOf = (answer: { readonly json: unknown }) => listOf(field(answer.json, "output"))
const typesIn = (answer: { readonly json: unknown }) =>
  outputOf(answer).map((item) => field(item, "type")).filter((type) => type !== "mcp_list_tools")
const waiting = (answer: { readonly json: unknown }) =>
  outputOf(answer).find((item) => field(item, "type") === "mcp_approval_request")

/** Asks for both tools, with a word on approvals or none. */
const asking = Effect.fnUntraced(function*(require_approval?: World.Json | string) {
  const server = yield* McpUpstream.make()
  const { create } = yield* given()
  const tools = [{
    type: "mcp",
    server_label: "s",
    server_url: server.url,
    ...require_approval === undefined ? {} : { require_approval }
  }]
  const first = yield* create({ input: "call read 1, write 2", tools })
  assert.strictEqual(first.status, 200, first.text)
  const answer = (approve: boolean) =>
    create({
      previous_response_id: String(field(first.json, "id")),
      input: outputOf(first).filter((item) => field(item, "type") === "mcp_approval_request").map((item) => ({
        type: "mcp_approval_response",
        approval_request_id: String(field(item, "id")),
        approve
      })),
      tools
    })
  return { answer, first, server }
})

describe(`${PublicCases.nameOf("responses-mcp-approval-and-ssrf")}:`, () => {
  it.live.each(["always", undefined])(
    "given require_approval: %s, then no tool is called before it is approved",
    (word) =>
      Effect.gen(function*() {
        const { answer, first, server } = yield* asking(word)
        assert.deepStrictEqual(typesIn(first), ["mcp_approval_request", "mcp_approval_request"])
        assert.isEmpty(server.called)
        const ids = outputOf(first).slice(1).map((item) => field(item, "id"))
        assert.lengthOf(new Set(ids.filter((id) => typeof id === "string" && id !== "")), 2)
        const approved = yield* answer(true)
        assert.deepStrictEqual(server.called, [{ name: "read", message: "1" }, { name: "write", message: "2" }])
        const calls = outputOf(approved).filter((item) => field(item, "type") === "mcp_call")
        assert.deepStrictEqual(calls.map((call) => field(call, "approval_request_id")), ids)
        assert.deepStrictEqual(
          calls.map((call) => field(call, "arguments")),
          outputOf(first).slice(1).map((item) => field(item, "arguments"))
        )
        assert.strictEqual(World.textOf(approved.json), "Tools said read: 1 and write: 2")
      }).pipe(Effect.scoped)
  )

  it.live("given that the approval is denied, then no tool is called, and the model answers", () =>
    Effect.gen(function*() {
      const { answer, server } = yield* asking("always")
      const denied = yield* answer(false)
      assert.deepStrictEqual(typesIn(denied), ["message"])
      assert.isEmpty(server.called)
    }).pipe(Effect.scoped))

  it.live.each([
    { never: { tool_names: ["read"] } },
    { never: { read_only: true } },
    { always: { tool_names: ["write"] }, never: { tool_names: ["read", "write"] } },
    { always: { read_only: false }, never: { tool_names: ["read", "write"] } }
  ])("given %j, then the one runs at once and the other waits", (word) =>
    Effect.gen(function*() {
      const { answer, first, server } = yield* asking(word)
      assert.deepStrictEqual(server.called, [{ name: "read", message: "1" }])
      assert.deepInclude(waiting(first) as object, { name: "write" })
      yield* answer(true)
      assert.deepStrictEqual(server.called, [{ name: "read", message: "1" }, { name: "write", message: "2" }])
    }).pipe(Effect.scoped))

  it.live.each([
    [{ tool_names: ["read", "write"], read_only: true }, ["read"]],
    [{ read_only: true }, ["read"]],
    [{ read_only: false }, ["write"]],
    [["write"], ["write"]],
    [{}, ["read", "write"]]
  ])(
    "given allowed_tools %j, then the model is offered %j alone, with what the server says of them",
    ([allowed, offered]) =>
      Effect.gen(function*() {
        const server = yield* McpUpstream.make()
        const { create, upstream } = yield* given()
        const tool = { type: "mcp", server_label: "s", server_url: server.url, require_approval: "never" }
        const answer = yield* create({ input: "hello", tools: [{ ...tool, allowed_tools: allowed as World.Json }] })
        const [list] = outputOf(answer)
        assert.deepStrictEqual(listOf(field(list, "tools")).map((each) => field(each, "name")), offered)
        for (const each of listOf(field(list, "tools"))) {
          assert.deepStrictEqual(field(each, "annotations"), { readOnlyHint: field(each, "name") === "read" })
        }
        const { body } = upstream.received.find(({ method }) => method === "POST")!
        assert.deepStrictEqual(
          listOf(field(body, "tools")).map((each) => field(field(each, "function"), "name")),
          offered
        )
      }).pipe(Effect.scoped)
  )

  it.live(
    "given an address of this machine or its network, however it is written, then it is refused, and not asked",
    () =>
      Effect.gen(function*() {
        const server = yield* McpUpstream.make()
        const { create } = yield* given({})
        const hosts = [
          "127.0.0.1",
          "localhost",
          "2130706433",
          "0x7f.1",
          "0.0.0.0",
          "[::1]",
          "[::ffff:127.0.0.1]",
          "[::ffff:7f00:1]",
          "[::ffff:0:127.0.0.1]",
          "[64:ff9b::7f00:1]",
          "[2002:7f00:1::]",
          "[2001:0:7f00:1::]",
          "10.0.0.1",
          "172.16.0.1",
          "192.168.0.1",
          "100.64.0.1",
          "169.254.169.254",
          "[fe80::1]",
          "[fd00:ec2::254]"
        ]
        for (const host of hosts) {
          const answer = yield* create({
            input: "call read 1",
            tools: [{
              type: "mcp",
              server_label: "s",
              server_url: `http://${host}:${server.port}/mcp`,
              require_approval: "never",
              headers: { authorization: "Bearer callers-secret" }
            }]
          })
          assert.strictEqual(answer.status, 424, `${host}: ${answer.text}`)
          assert.match(answer.text, /address is not allowed/, host)
          assert.notInclude(answer.text, "callers-secret")
        }
        assert.isEmpty(server.headers)
      }).pipe(Effect.scoped),
    patient
  )

  it.live(
    "given a name that stands for another address a moment later, then each connection is checked for itself",
    () =>
      Effect.gen(function*() {
        const server = yield* McpUpstream.make("rebinding.example")
        const { create } = yield* given({ connect_timeout_ms: 300 })
        // Nobody answers at the first, which is for documents (RFC 5737).
        const addresses = ["192.0.2.1", "127.0.0.1", "192.0.2.1"]
        const asked: Array<string> = []
        const real = dns.lookup
        const rebinding: LookupFunction = (host, options, callback) => {
          if (host !== "rebinding.example") return void (real as unknown as LookupFunction)(host, options, callback)
          asked.push(host)
          callback(null, [{ address: addresses.shift() ?? "127.0.0.1", family: 4 }])
        }
        yield* Effect.acquireRelease(
          Effect.sync(() => {
            Object.assign(dns, { lookup: rebinding })
            syncBuiltinESMExports()
          }),
          () =>
            Effect.sync(() => {
              Object.assign(dns, { lookup: real })
              syncBuiltinESMExports()
            })
        )
        const ask = create({
          input: "call read 1",
          // With headers of its own, a server is connected to anew.
          tools: [{ type: "mcp", server_label: "s", server_url: server.url, headers: { "x-team": "blue" } }]
        })
        const first = yield* ask
        assert.notInclude(first.text, "address is not allowed")
        const second = yield* ask
        assert.include(second.text, "address is not allowed")
        assert.isEmpty(server.headers)
        assert.lengthOf(asked, 2)
      }).pipe(Effect.scoped),
    patient
  )

  it.live.each([301, 302, 303, 307, 308])(
    "given a server that answers %i, then where it leads is not asked",
    (status) =>
      Effect.gen(function*() {
        const inner = yield* McpUpstream.make()
        const outer = yield* ToolUpstream.make((_, response) => {
          response.writeHead(status, { location: inner.url })
          response.end()
        })
        const { create } = yield* given()
        const headers = { authorization: "Bearer callers-secret" }
        const answer = yield* create({
          input: "call read 1",
          tools: [{
            type: "mcp",
            server_label: "s",
            server_url: `${outer.url}/mcp`,
            require_approval: "never",
            headers
          }]
        })
        assert.strictEqual(answer.status, 424, answer.text)
        assert.include(answer.text, `${status}: redirects are not followed`)
        assert.isNotEmpty(outer.received)
        assert.isEmpty(inner.headers)
      }).pipe(Effect.scoped)
  )

  it.live("given two servers, then each gets what the caller sends it, and the vendor none of it", () =>
    Effect.gen(function*() {
      const one = yield* McpUpstream.make()
      const two = yield* McpUpstream.make()
      const { create, strata, upstream } = yield* given()
      const tool = (server: { readonly url: string }, label: string, allowed: string, more: World.Json) => ({
        type: "mcp",
        server_label: label,
        server_url: server.url,
        require_approval: "never",
        allowed_tools: [allowed],
        ...more
      })
      const answer = yield* create({
        input: "call read 1, write 2",
        tools: [
          tool(one, "one", "read", { headers: { authorization: "Bearer secret-of-one", "x-team": "team-of-one" } }),
          tool(two, "two", "write", { authorization: "secret-of-two" })
        ]
      })
      assert.strictEqual(World.textOf(answer.json), "Tools said read: 1 and write: 2", answer.text)
      assert.isTrue(one.headers.length > 1 && two.headers.length > 1)
      for (const each of one.headers) {
        assert.deepInclude(each, { "authorization": "Bearer secret-of-one", "x-team": "team-of-one" })
      }
      for (const each of two.headers) {
        assert.deepInclude(each, { authorization: "Bearer secret-of-two" })
        assert.notProperty(each, "x-team")
      }
      const others = JSON.stringify([upstream.received, yield* strata.events(), answer.json])
      assert.notMatch(others, /secret-of-|team-of-/)
    }).pipe(Effect.scoped))
})
