/** What authenticates at an MCP server that a request names: it reaches that server, and nothing that is kept or said. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const secrets = { token: "planted-token-7f3a9c51d2", team: "planted team value 8841", key: "planted-key-c0ffee-5511" }

const tool = (url: string): World.Json => ({
  type: "mcp",
  server_label: "theirs",
  server_url: `${url}/mcp`,
  require_approval: "never",
  authorization: secrets.token,
  headers: { "x-team": secrets.team, "X-Api-Key": secrets.key }
})

/** Where an MCP server repeats what it was sent. */
type Gossip = "in what it lists" | "in what it gives" | "in what it fails with"

const gossip = (where: Gossip) =>
  FakeUpstream.make({
    respond: ({ body, headers }) => {
      const [id, method] = [field(body, "id"), field(body, "method")]
      const said = `I was sent ${headers["authorization"]}, ${headers["x-team"]} and ${headers["x-api-key"]}`
      if (id === undefined) return { ...ScriptedAnswer.json(202, {}), headers: {} }
      const answer = (result: World.Json) => ScriptedAnswer.json(200, { jsonrpc: "2.0", id, result } as World.Json)
      if (method === "initialize") {
        return answer({
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "gossip", version: "1" }
        })
      }
      if (method === "tools/list" && where !== "in what it fails with") {
        const description = where === "in what it lists" ? said : "echoes"
        return answer({ tools: [{ name: "echo", description, inputSchema: { type: "object" } }] })
      }
      if (method === "tools/call") {
        return answer({ content: [{ type: "text", text: where === "in what it gives" ? said : "done" }] })
      }
      return ScriptedAnswer.json(where === "in what it fails with" ? 500 : 404, { error: said })
    }
  })

/** Everything that is written while it runs. */
const written = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const texts: Array<string> = []
    const streams = [process.stdout, process.stderr]
    const writes = streams.map(({ write }) => write)
    for (const stream of streams) {
      stream.write = ((chunk: string | Uint8Array) =>
        texts.push(Buffer.from(chunk).toString()) > 0) as typeof stream.write
    }
    return effect.pipe(
      Effect.map((value) => ({ value, output: texts })),
      Effect.ensuring(Effect.sync(() => {
        for (const [index, stream] of streams.entries()) stream.write = writes[index]!
      }))
    )
  })

describe("the secrets of an MCP server that a response names", () => {
  for (const where of ["in what it lists", "in what it gives", "in what it fails with"] as const) {
    for (const stream of [false, true]) {
      it.live(
        `reach it alone, though it repeats them ${where}: ${stream ? "streamed" : "plain"}`,
        () =>
          Effect.gen(function*() {
            const theirs = yield* gossip(where)
            const { output, value } = yield* written(Effect.gen(function*() {
              const { create, get, strata, verify } = yield* World.given({
                model: World.toolModel,
                logging: "debug",
                more: {
                  tool_runtime: [{
                    provider_id: "mcp",
                    provider_type: "remote::model-context-protocol",
                    config: { allow_private_addresses: true }
                  }]
                }
              })
              const answer = yield* create({ input: "call echo 1", tools: [tool(theirs.url)], stream }, "s")
              const asked = theirs.received.length
              const kept = yield* get("/v1/responses")
              const ids = listOf(field(kept.json, "data")).map((each) => String(field(each, "id")))
              const again = yield* Effect.forEach(ids, (id) => get(`/v1/responses/${id}`))
              const streamed = yield* Effect.forEach(ids, (id) => get(`/v1/responses/${id}?stream=true`))
              const report = yield* verify("s")
              assert.strictEqual(theirs.received.length, asked)
              const exported = yield* get("/v1/sessions/s/export")
              return {
                sent: theirs.received.map(({ headers }) => headers),
                report,
                texts: [
                  // What their own server says to who sent them is no secret to them.
                  ...where === "in what it fails with" ? [answer.text] : [],
                  kept.text,
                  ...[...again, ...streamed].map(({ text }) => text),
                  exported.text,
                  JSON.stringify(yield* strata.events({}))
                ]
              }
            }))
            assert.isAbove(value.sent.length, 0)
            for (const headers of value.sent) {
              assert.deepInclude(headers, {
                authorization: `Bearer ${secrets.token}`,
                "x-team": secrets.team,
                "x-api-key": secrets.key
              })
            }
            for (const [name, secret] of Object.entries(secrets)) {
              for (const [at, text] of [...value.texts, ...output].entries()) {
                assert.isFalse(text.includes(secret), `${name} in text ${at}`)
              }
            }
            // What is counted of a result is counted before it is masked.
            if (where !== "in what it gives") assert.deepInclude(value.report as object, { status: "identical" })
          }).pipe(Effect.scoped),
        30_000
      )
    }
  }

  it.live("stand in no event of a request that is refused, or that only counts", () =>
    Effect.gen(function*() {
      const { post, strata } = yield* World.given()
      const tools = [{ ...tool("http://127.0.0.1:9"), server_label: "" }]
      for (const path of ["", "/input_tokens", "/compact"]) {
        yield* post(`/v1/responses${path}`, { model: "upstream/m", input: "hello", tools }, "s")
      }
      const events = JSON.stringify(yield* strata.events({}))
      assert.include(events, "127.0.0.1:9/mcp")
      for (const [name, secret] of Object.entries(secrets)) assert.isFalse(events.includes(secret), name)
    }).pipe(Effect.scoped))
})
