/** `remote::ollama`: how it is asked; what it does with messages is in test/apis/inference/Adapters.test.ts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { longestFrame } from "../../../../src/events/types/Framing.ts"
import * as Adapters from "../../../support/Adapters.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import * as FramedVendor from "../../../support/FramedVendor.ts"
import { Http } from "../../../support/Http.ts"
import { Recordings } from "../../../support/Recordings.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const line = (content: string) => ({ model: "m", message: { role: "assistant", content }, done: false })
const last = { model: "m", message: { role: "assistant", content: "" }, done: true, done_reason: "stop", eval_count: 2 }
const body = { ...last, message: { role: "assistant", content: "Hi" } }
const chat = "/v1/chat/completions"

const given = (options: Partial<Parameters<typeof FramedVendor.make>[0]> = {}) =>
  FramedVendor.make({ adapter: Adapters.localOllama, stream: [line("Hi"), last], body, ...options })

describe("remote::ollama", () => {
  it.live.each(["", "/", "/v1", "/v1/", "/api"])(
    "asks Ollama's own API of the server that ends in %j",
    (end) =>
      Effect.gen(function*() {
        const { asked, post, vendor } = yield* given()
        const server = vendor.url.replace(/\/v1$/, end)
        const strata = yield* Strata.make({
          providers: [{
            provider_id: "o",
            provider_type: "remote::ollama",
            config: { base_url: server, models: ["m"] }
          }]
        })
        assert.strictEqual((yield* post(chat, {})).status, 200)
        const answered = yield* Http.post(strata.url, chat, {
          model: "o/m",
          messages: [{ role: "user", content: "Hi" }]
        })
        assert.strictEqual(answered.status, 200, answered.text)
        for (const { path } of asked()) assert.strictEqual(path, "/api/chat")
        assert.isUndefined(asked().at(-1)?.headers["authorization"])
      }).pipe(Effect.scoped)
  )

  it.live("takes the address that Llama Stack called `url`, needs no key, and lists the models of the server", () =>
    Effect.gen(function*() {
      const { vendor } = yield* given({ lists: { "/api/tags": { models: [{ name: "qwen3:4b", model: "qwen3:4b" }] } } })
      const config = { url: vendor.url }
      const strata = yield* Strata.make({ providers: [{ provider_id: "o", provider_type: "remote::ollama", config }] })
      const { json } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(Object(json).data.map(({ id }: { id: string }) => id), ["o/qwen3:4b"])
    }).pipe(Effect.scoped))

  it.live("takes Ollama's own fields of clients of other dialects, and loses none of them", () =>
    Effect.gen(function*() {
      const { asked, payloads, post } = yield* given()
      const own = { options: { num_ctx: 8192 }, think: true, keep_alive: "5m" }
      assert.strictEqual((yield* post("/v1/messages", { ...own, max_tokens: 9, temperature: 0.5 })).status, 200)
      assert.deepInclude(Object(asked()[0]?.body), {
        options: { num_ctx: 8192, num_predict: 9, temperature: 0.5 },
        think: true,
        keep_alive: "5m",
        stream: false
      })
      assert.isEmpty(yield* payloads("provider:request_degraded"))
    }).pipe(Effect.scoped))

  it.live("makes embeddings by Ollama's own API", () =>
    Effect.gen(function*() {
      const { asked, post } = yield* given({ body: { model: "m", embeddings: [[0.5, 1]], prompt_eval_count: 2 } })
      const { json, status, text } = yield* post("/v1/embeddings", { input: "Hello?" })
      assert.strictEqual(status, 200, text)
      assert.deepStrictEqual(Object(json).data[0].embedding, [0.5, 1])
      assert.strictEqual(asked()[0]?.path, "/api/embed")
    }).pipe(Effect.scoped))

  it.live("says in a stream that the server failed, and verifies", () =>
    Effect.gen(function*() {
      const { payloads, post, verified } = yield* given({ stream: [line("Hi"), { error: "an error was encountered" }] })
      const { text } = yield* post(chat, { stream: true })
      assert.include(text, "an error was encountered")
      assert.notInclude(text, "[DONE]")
      assert.deepInclude((yield* payloads("llm:error"))[0].error, { message: "an error was encountered" })
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live.each([
    { name: "garbage between its lines", bytes: Buffer.from("garbage\n"), message: "a line is no JSON object" },
    { name: "a line that is no UTF-8", bytes: Buffer.from([0x7b, 0xff, 0x0a]), message: "a line is no UTF-8" },
    {
      name: "a line of 10 MB",
      bytes: Buffer.alloc(10_000_000, "a"),
      message: `a line is longer than ${longestFrame} bytes`
    }
  ])("says in a stream that $name can't be read, and verifies", ({ bytes, message }) =>
    Effect.gen(function*() {
      const { payloads, post, strata, vendor, verified } = yield* given({ stream: [line("Hi"), bytes, last] })
      const { text } = yield* post(chat, { stream: true })
      assert.include(text, message)
      assert.notInclude(text, "[DONE]")
      const [failure] = yield* payloads("llm:error")
      assert.deepInclude(failure.error, { type: "vendor_error" })
      assert.include(failure.error.message, message)
      assert.include((yield* strata.events()).map(({ type }) => type), "api:error")
      assert.isAtMost(vendor.aborted, 1)
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("keeps a key out of the log that the server says in its stream", () =>
    Effect.gen(function*() {
      const { post, strata, verified } = yield* given({ stream: [line(`It is ${Vendors.vendorKey}.`), last] })
      assert.strictEqual((yield* post(chat, { stream: true })).status, 200)
      assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live.skipIf(!Recordings.available)(
    `passes recorded traffic of its OpenAI endpoint byte by byte where that is asked ${Recordings.reason}`,
    () =>
      Effect.gen(function*() {
        const exchanges = Recordings.load({ vendors: ["ollama"], endpoint: chat })
        const vendor = yield* FakeUpstream.make({ exchanges })
        const models = [...new Set(exchanges.map(({ request }) => String(request["model"])))]
        const config = { base_url: vendor.url, api: "chat_completions", models }
        const strata = yield* Strata.make({
          providers: [{ provider_id: "o", provider_type: "remote::ollama", config }]
        })
        for (const { answer, request } of exchanges) {
          const answered = yield* Http.post(strata.url, chat, { ...request, model: `o/${String(request["model"])}` })
          assert.strictEqual(answered.status, answer.status)
          if (answer._tag === "Json") assert.deepStrictEqual(answered.json, answer.body)
          if (answer._tag !== "Stream") continue
          const chunks = answered.text.split("\n\n").filter((frame) => frame.startsWith("data: {"))
          assert.deepStrictEqual(chunks.map((frame) => JSON.parse(frame.slice(6))), answer.chunks as never)
        }
        assert.isAbove(exchanges.length, 30)
      }).pipe(Effect.scoped)
  )
})
