/** No request has more values than `server.max_body_values` says, whatever it asks for and however it comes. */
// @effect-diagnostics asyncFunction:off newPromise:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { WebSocket } from "ws"
import { field, parse } from "../../src/events/types/JsonAccess.ts"
import * as BatchWorld from "../support/BatchWorld.ts"
import { Http } from "../support/Http.ts"
import { verify } from "../support/verify.ts"

const most = 100

const list = <A>(length: number, item: A): ReadonlyArray<A> => Array.from({ length }, () => item)
const pairs = Object.fromEntries(list(2 * most, "v").map((value, at) => [`k${at}`, value]))
const messages = [{ role: "user", content: "x" }]
const filters = { type: "and", filters: list(most, { type: "eq", key: "a", value: 1 }) }
const search = { type: "file_search", vector_store_ids: [`vs_${"0".repeat(48)}`], filters }

const bodies: ReadonlyArray<readonly [path: string, body: object, param: string]> = [
  ["/v1/chat/completions", { model: "upstream/m", messages, tools: list(most, {}) }, "tools"],
  ["/v1/chat/completions", { model: "upstream/m", messages: list(most, messages[0]) }, "messages"],
  ["/v1/chat/completions", { model: "upstream/m", messages, metadata: pairs }, "metadata"],
  ["/v1/embeddings", { model: "upstream/m", input: list(2 * most, "x") }, "input"],
  ["/v1/responses", { model: "upstream/m", input: "x", tools: [search] }, "tools.0.filters.filters"],
  ["/v1/responses", { model: "upstream/m", input: list(most, messages[0]) }, "input"],
  ["/v1/conversations", { items: list(most, { type: "message", ...messages[0] }) }, "items"],
  ["/v1/vector_stores", { metadata: pairs }, "metadata"],
  ["/v1/tool-runtime/invoke", { tool_name: "t", kwargs: pairs }, "kwargs"],
  ["/v1/consumer_groups/g", pairs, ""],
  ["/mcp", { jsonrpc: "2.0", id: 1, method: "ping", params: pairs }, "params"]
]

const given = BatchWorld.given({ server: { max_body_values: most } })

const remedy = `the body has more than ${most} values, items and fields on all levels. Send less, or raise ` +
  "server.max_body_values."

describe("a body with too many values", () => {
  it.live("is refused by the name of the field, whatever is asked", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given
      for (const [path, body, param] of bodies) {
        const { json, status } = yield* Http.send(strata.url, path, {
          method: path.includes("consumer_groups") ? "PUT" : "POST",
          headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
          body: JSON.stringify(body)
        })
        assert.strictEqual(status, 413, path)
        const error = field(json, "error")
        assert.deepInclude(error as object, { param: param === "" ? null : param, code: "too_many_values" }, path)
        assert.strictEqual(field(error, "message"), param === "" ? `The body${remedy.slice(8)}` : `${param}: ${remedy}`)
      }
      assert.lengthOf(upstream.received, 0)
    }).pipe(Effect.scoped))

  it.live("is refused in the dialects of Anthropic and Google", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const anthropic = { model: "upstream/m", max_tokens: 5, messages, tools: list(most, {}) }
      const refused = yield* Http.post(strata.url, "/v1/messages", anthropic)
      assert.strictEqual(refused.status, 413)
      assert.deepInclude(refused.json as object, { type: "error" })
      assert.deepStrictEqual(field(refused.json, "error"), { type: "request_too_large", message: `tools: ${remedy}` })
      const google = { model: "upstream/m", input: list(most, { type: "text", text: "x" }) }
      const other = yield* Http.post(strata.url, "/v1beta/interactions", google)
      assert.strictEqual(other.status, 413)
      assert.strictEqual(field(field(other.json, "error"), "message"), `input: ${remedy}`, other.text)
    }).pipe(Effect.scoped))

  it.live("is refused as a message of a WebSocket, which stays open", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const answers = yield* Effect.promise(async () => {
        const socket = new WebSocket(`${strata.url.replace("http", "ws")}/v1/responses`)
        const texts: Array<string> = []
        await new Promise((resolve) => socket.on("open", resolve))
        const both = new Promise<void>((resolve) =>
          socket.on("message", (data) => {
            texts.push(String(data))
            if (texts.length === 2) resolve()
          })
        )
        for (const tools of [list(most, {}), "none"]) {
          socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input: "x", tools }))
        }
        await both
        socket.close()
        return texts.map((text) => parse(text))
      })
      assert.deepInclude(answers[0] as object, { type: "error", status: 413 })
      assert.strictEqual(
        field(field(answers[0] as never, "error"), "message") ?? field(answers[0] as never, "message"),
        `tools: ${remedy}`
      )
    }).pipe(Effect.scoped))

  it.live("is refused as the line of a batch", () =>
    Effect.gen(function*() {
      const { awaitStatus, create } = yield* given
      const long = { ...BatchWorld.line("long"), body: { model: "upstream/m", messages: list(most, messages[0]) } }
      const { json } = yield* create([BatchWorld.line("good"), long])
      const ended = (yield* awaitStatus(String(field(json, "id")), "failed")).json
      assert.include(JSON.stringify(field(ended, "errors")), `Line 2: body.messages: ${remedy}`)
    }).pipe(Effect.scoped))

  it.live("is recorded as one that was too long: its session can't be run again, and says why", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const headers = { "x-strata-session-id": "long" }
      yield* Http.post(strata.url, "/v1/chat/completions", { model: "upstream/m", messages, metadata: pairs }, headers)
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["long"])
      assert.deepStrictEqual(report!.skipped.map(({ reason }) => reason), [
        "its body was longer than the server takes, and is not kept"
      ])
    }).pipe(Effect.scoped))
})
