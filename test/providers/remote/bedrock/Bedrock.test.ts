/** `remote::bedrock`: how it is asked; what it does with messages is in test/apis/inference/Adapters.test.ts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { bedrock } from "../../../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import { Bedrock, Config } from "../../../../src/providers/remote/bedrock/Bedrock.ts"
import * as Adapters from "../../../support/Adapters.ts"
import { makeExchangeBook } from "../../../support/ExchangeBook.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import * as FramedVendor from "../../../support/FramedVendor.ts"
import { Http } from "../../../support/Http.ts"
import { Recordings } from "../../../support/Recordings.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const delta = (text: string) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } })
const begin = { messageStart: { role: "assistant" } }
const end = [
  { contentBlockStop: { contentBlockIndex: 0 } },
  { messageStop: { stopReason: "end_turn" } },
  { metadata: { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 }, metrics: { latencyMs: 7 } } }
]
const stream = [begin, delta("Hi"), ...end]
const body = { output: { message: { role: "assistant", content: [{ text: "Hi" }] } }, stopReason: "end_turn" }
const chat = "/v1/chat/completions"
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

const given = (options: Partial<Parameters<typeof FramedVendor.make>[0]> = {}) =>
  FramedVendor.make({ adapter: Adapters.amazon, stream, body, ...options })

const messageOf = (text: string) => bedrock.framing!.frameOf(`data: ${JSON.stringify(delta(text))}\n\n`)

/** A message of which a byte was changed. */
const changed = (at: number): Uint8Array => {
  const bytes = Buffer.from(messageOf("there"))
  bytes[(at + bytes.length) % bytes.length]! ^= 1
  return bytes
}

describe("remote::bedrock", () => {
  it.live("signs each request for the region, and the log holds neither key nor signature", () =>
    Effect.gen(function*() {
      const keys = { api_key: "", aws_access_key_id: "AKIDEXAMPLE", aws_secret_access_key: secret }
      const { asked, post, strata, verified } = yield* given({ config: { ...keys, models: ["m", "us.anthropic.c:0"] } })
      assert.strictEqual((yield* post(chat, { model: "bedrock/us.anthropic.c:0" })).status, 200)
      assert.strictEqual((yield* post(chat, { stream: true })).status, 200)
      assert.deepStrictEqual(asked().map(({ path }) => path), [
        "/v1/model/us.anthropic.c%3A0/converse",
        "/v1/model/m/converse-stream"
      ])
      for (const { headers } of asked()) {
        assert.match(
          headers["authorization"]!,
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, /
        )
        assert.isString(headers["x-amz-date"])
      }
      const log = JSON.stringify(yield* strata.events())
      assert.notInclude(log, secret)
      assert.notInclude(log, "Signature=")
      assert.deepInclude(yield* verified, { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))

  it.live("names the model that was asked for, which the vendor does not say", () =>
    Effect.gen(function*() {
      const { post, verified } = yield* given()
      assert.strictEqual(Object((yield* post(chat, {})).json).model, "bedrock/m")
      assert.include((yield* post(chat, { stream: true })).text, "\"model\":\"bedrock/m\"")
      assert.include((yield* post("/v1/messages", { max_tokens: 9 })).text, "\"model\":\"bedrock/m\"")
      assert.deepInclude(yield* verified, { status: "identical", requests: 3 })
    }).pipe(Effect.scoped))

  it.live("sends a Bedrock API key as it is", () =>
    Effect.gen(function*() {
      const { asked, post } = yield* given()
      assert.strictEqual((yield* post(chat, {})).status, 200)
      assert.strictEqual(asked()[0]?.headers["authorization"], `Bearer ${Vendors.vendorKey}`)
    }).pipe(Effect.scoped))

  it.live("lists models that are asked by their own id, and profiles for the others", () =>
    Effect.gen(function*() {
      const { vendor } = yield* given({
        lists: {
          "/v1/foundation-models": {
            modelSummaries: [{ modelId: "a.own-v1:0", inferenceTypesSupported: ["ON_DEMAND"] }]
          },
          "/v1/inference-profiles": { inferenceProfileSummaries: [{ inferenceProfileId: "eu.a.other-v1:0" }] }
        }
      })
      const config = { base_url: vendor.url, api_key: Vendors.vendorKey }
      const strata = yield* Strata.make({ providers: [{ provider_id: "b", provider_type: "remote::bedrock", config }] })
      const { json } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(Object(json).data.map(({ id }: { id: string }) => id), [
        "b/a.own-v1:0",
        "b/eu.a.other-v1:0"
      ])
    }).pipe(Effect.scoped))

  it.effect("takes a configuration of Llama Stack as it stands, and asks the region's own address", () =>
    Effect.gen(function*() {
      const config = yield* Schema.decodeEffect(Config)({ api_key: "", region_name: "us-east-2" })
      assert.deepInclude(config, { api: "converse", region_name: "us-east-2", base_url: "" })
      assert.strictEqual(Bedrock.type, "remote::bedrock")
    }))

  it.live.each([
    { name: "a wrong checksum", bytes: changed(-1), message: "can't be read" },
    { name: "a wrong length", bytes: changed(0), message: "checksum of a message's lengths" },
    {
      name: "no message at all",
      bytes: Buffer.from("<html>no message</html>"),
      message: "checksum of a message's lengths"
    }
  ])("says in a stream that $name can't be read, and verifies", ({ bytes, message }) =>
    Effect.gen(function*() {
      const { payloads, post, verified } = yield* given({ stream: [begin, delta("Hi"), bytes, ...end] })
      const { text } = yield* post(chat, { stream: true })
      assert.include(text, message)
      assert.notInclude(text, "[DONE]")
      const [failure] = yield* payloads("llm:error")
      assert.include(failure.error.message, message)
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  /** What is in the log of a stream's bytes. */
  const kept = (raw: { readonly frames: ReadonlyArray<readonly [number, string]> }): string =>
    Buffer.concat(raw.frames.map(([, frame]) => Buffer.from(frame, "base64"))).toString("latin1")

  it.live("keeps a key out of the log that comes in a message, and verifies", () =>
    Effect.gen(function*() {
      const { payloads, post, strata, verified } = yield* given({
        stream: [begin, delta(`It is ${Vendors.vendorKey}.`), delta("No more."), ...end]
      })
      assert.strictEqual((yield* post(chat, { stream: true })).status, 200)
      assert.deepInclude((yield* payloads("llm:response"))[0], { finish_reason: "stop" })
      assert.notInclude(kept((yield* payloads("llm:response:raw"))[0]), Vendors.vendorKey)
      assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("keeps a key out of the log that comes in pieces, of a text or of a tool's arguments", () =>
    Effect.gen(function*() {
      const [before, behind] = [Vendors.vendorKey.slice(0, 9), Vendors.vendorKey.slice(9)]
      const start = { start: { toolUse: { toolUseId: "t", name: "f" } }, contentBlockIndex: 1 }
      const input = (input: string) => ({ contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input } } } })
      const { payloads, post } = yield* given({
        stream: [
          begin,
          delta(before),
          delta(behind),
          { contentBlockStart: start },
          input(`{"key":"${before}`),
          input(`${behind}"}`),
          ...end
        ]
      })
      assert.strictEqual((yield* post(chat, { stream: true })).status, 200)
      assert.notInclude(kept((yield* payloads("llm:response:raw"))[0]), behind)
    }).pipe(Effect.scoped))

  it.live("keeps what a stream used where not all of it is kept", () =>
    Effect.gen(function*() {
      const long = Array.from({ length: 40 }, (_, at) => delta(`${at} `.repeat(50)))
      const vendor = yield* given({ stream: [begin, ...long, ...end] })
      const strata = yield* Strata.make({
        level: "raw",
        recording: { max_stream_bytes: 2000 },
        providers: [Vendors.entry("bedrock", vendor.vendor)]
      })
      const asked = { model: "bedrock/m", stream: true, messages: [{ role: "user", content: "Hello?" }] }
      assert.strictEqual((yield* Http.post(strata.url, chat, asked)).status, 200)
      const [event] = yield* strata.events({ types: ["llm:response"] })
      assert.deepInclude(JSON.parse(event!.payload), { finish_reason: "stop" })
      assert.deepInclude(JSON.parse(event!.payload).usage, { input_tokens: 3, output_tokens: 2 })
    }).pipe(Effect.scoped))

  it.live.skipIf(!Recordings.available)(
    `passes recorded traffic of its OpenAI endpoint byte by byte where that is asked ${Recordings.reason}`,
    () =>
      Effect.gen(function*() {
        const exchanges = Recordings.load({ vendors: ["bedrock"], endpoint: chat })
        const book = makeExchangeBook(exchanges)
        const vendor = yield* FakeUpstream.make({
          respond: ({ body, method, path }) =>
            method === "POST" && path === "/openai/v1/chat/completions" ? book.take(chat, body) : undefined
        })
        const models = [...new Set(exchanges.map(({ request }) => String(request["model"])))]
        const base_url = vendor.url.replace(/\/v1$/, "")
        const config = { base_url, api: "chat_completions", api_key: Vendors.vendorKey, models }
        const strata = yield* Strata.make({
          providers: [{ provider_id: "b", provider_type: "remote::bedrock", config }]
        })
        for (const { answer, request } of exchanges) {
          const answered = yield* Http.post(strata.url, chat, { ...request, model: `b/${String(request["model"])}` })
          assert.strictEqual(answered.status, answer.status)
          if (answer._tag !== "Stream") continue
          const chunks = answered.text.split("\n\n").filter((frame) => frame.startsWith("data: {"))
          assert.deepStrictEqual(chunks.map((frame) => JSON.parse(frame.slice(6))), answer.chunks as never)
        }
        assert.isAbove(exchanges.length, 10)
      }).pipe(Effect.scoped)
  )
})
