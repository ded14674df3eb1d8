/** HTTP tools that are attacked: by their arguments, by the servers behind them, by the names of hosts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { ToolUpstream } from "../../../support/ToolUpstream.ts"
import { ToolWorld } from "../../../support/ToolWorld.ts"

const entry = (tools: ReadonlyArray<Schema.JsonObject>, config: Schema.JsonObject = {}) => ({
  tool_runtime: [{
    provider_id: "web",
    provider_type: "remote::http",
    config: { tools, timeout_ms: 2000, allow_private_addresses: true, ...config }
  }]
})

const anything = { type: "object" }

const ask = (url: string, name: string, given: Schema.JsonObject = {}) =>
  ToolWorld.invoke(url, { name, group: "web", arguments: given })

describe("an HTTP tool", () => {
  it.live("escapes every argument: none leads to another path, query or header", () =>
    Effect.gen(function*() {
      const upstream = yield* ToolUpstream.make((_, response) => void response.end("ok"))
      const { url } = yield* ToolWorld.make({
        more: entry([{
          name: "get",
          url: `${upstream.url}/users/{id}/posts?q={q}&lang={lang}`,
          headers: { "x-trace": "t-{trace}" },
          input_schema: anything
        }])
      })
      const evil = "a/../../admin?x=1#y\r\nhost: evil\0ü{q}%2e"
      const answer = yield* ask(url, "get", { id: evil, q: "a&b=c", trace: "7" })
      assert.strictEqual(answer.status, 200, answer.text)
      const [sent] = upstream.received
      assert.strictEqual(sent?.url, `/users/${encodeURIComponent(evil)}/posts?q=a%26b%3Dc`)
      assert.strictEqual(sent?.headers["x-trace"], "t-7")
      for (const given of [{ id: ".." }, { id: "" }, {}, { id: "1", trace: "a\r\nx-evil: 1" }]) {
        const refused = yield* ask(url, "get", given)
        assert.include(refused.text, "\"is_error\":true", JSON.stringify(given))
      }
      assert.lengthOf(upstream.received, 1)
    }))

  it.live("sends what stands nowhere else as its body", () =>
    Effect.gen(function*() {
      const upstream = yield* ToolUpstream.make((_, response) => void response.end("ok"))
      const { events, url } = yield* ToolWorld.make({
        more: entry([{ name: "put", method: "PUT", url: `${upstream.url}/x/{id}`, input_schema: anything }], {
          headers: { authorization: "Bearer sk-secret-of-the-provider" }
        })
      })
      yield* ask(url, "put", { id: 1, name: "Ada", tags: ["a"] })
      const [sent] = upstream.received
      assert.strictEqual(sent?.body, JSON.stringify({ name: "Ada", tags: ["a"] }))
      assert.strictEqual(sent?.headers["authorization"], "Bearer sk-secret-of-the-provider")
      assert.notInclude(JSON.stringify(yield* events()), "sk-secret-of-the-provider")
    }))

  it.live("reaches no address of this machine unless it is allowed, however it is written", () =>
    Effect.gen(function*() {
      const upstream = yield* ToolUpstream.make((_, response) => void response.end("secret"))
      const hosts = ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
      const { url } = yield* ToolWorld.make({
        more: entry(
          hosts.map((host, index) => ({ name: `t${index}`, url: `http://${host}:${upstream.port}/` })),
          { allow_private_addresses: false }
        )
      })
      for (const [index, host] of hosts.entries()) {
        const answer = yield* ask(url, `t${index}`)
        assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_address_refused", `${host}: ${answer.text}`)
        assert.include(answer.text, "allow_private_addresses: true")
      }
      assert.isEmpty(upstream.received)
    }))

  it.live("follows no redirect: where it leads is not asked", () =>
    Effect.gen(function*() {
      const inner = yield* ToolUpstream.make((_, response) => void response.end("secret"))
      const upstream = yield* ToolUpstream.make((_, response) => {
        response.writeHead(302, { location: `${inner.url}/latest/meta-data` })
        response.end()
      })
      const { url } = yield* ToolWorld.make({ more: entry([{ name: "get", url: upstream.url }]) })
      const answer = yield* ask(url, "get")
      assert.include(answer.text, "HTTP 302")
      assert.isEmpty(inner.received)
    }))

  it.live("leaves an answer that is longer than allowed, whether it says so or not", () =>
    Effect.gen(function*() {
      const upstream = yield* ToolUpstream.make(({ url }, response) => {
        if (url === "/said") return void response.end(Buffer.alloc(5_000_000))
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) { /* until it is full */ }
        }
        response.on("drain", more)
        more()
      })
      const { url } = yield* ToolWorld.make({
        more: entry(
          [{ name: "length", url: `${upstream.url}/said` }, { name: "endless", url: `${upstream.url}/endless` }],
          { max_response_bytes: 1_000_000 }
        )
      })
      for (const name of ["length", "endless"]) {
        const answer = yield* ask(url, name)
        assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_too_large", answer.text)
      }
    }), 20_000)

  it.live("gives images as images, and what is neither text nor image as a resource", () =>
    Effect.gen(function*() {
      const upstream = yield* ToolUpstream.make(({ url }, response) => {
        response.writeHead(200, { "content-type": url === "/image" ? "image/png" : "application/pdf" })
        response.end(Buffer.from([1, 2, 255]))
      })
      const { url } = yield* ToolWorld.make({
        more: entry(["image", "pdf"].map((name) => ({ name, url: `${upstream.url}/${name}` })))
      })
      const [image, pdf] = [yield* ask(url, "image"), yield* ask(url, "pdf")]
      assert.include(
        image.text,
        "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AQL/\"}}"
      )
      assert.include(pdf.text, "\"mime_type\":\"application/pdf\",\"blob\":\"AQL/\"")
    }))
})
