/** Each vendor that speaks Chat Completions: where it is asked, how, and what becomes of its answers and errors. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { compatibleVendors } from "../../../../src/providers/remote/compatible/CompatibleVendors.ts"
import { entries } from "../../../../src/providers/remote/compatible/Entries.ts"
import { asked, urlOf } from "../../../support/AskedVendors.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

/** Where each is asked: its own address, or one as its customers have it. */
const addresses: Readonly<Record<string, { readonly base_url?: string; readonly asked: string }>> = {
  "remote::vllm": { asked: "http://localhost:8000/v1" },
  "remote::llama-cpp-server": { asked: "http://localhost:8080/v1" },
  "remote::llama-openai-compat": { asked: "https://api.llama.com/compat/v1" },
  "remote::meta": { asked: "https://api.meta.ai/v1" },
  "remote::groq": { asked: "https://api.groq.com/openai/v1" },
  "remote::together": { asked: "https://api.together.xyz/v1" },
  "remote::fireworks": { asked: "https://api.fireworks.ai/inference/v1" },
  "remote::mistral": { asked: "https://api.mistral.ai/v1" },
  "remote::deepseek": { asked: "https://api.deepseek.com/v1" },
  "remote::openrouter": { asked: "https://openrouter.ai/api/v1" },
  "remote::nvidia": { asked: "https://integrate.api.nvidia.com/v1" },
  "remote::cerebras": { asked: "https://api.cerebras.ai/v1" },
  "remote::sambanova": { asked: "https://api.sambanova.ai/v1" },
  "remote::databricks": {
    base_url: "https://w.cloud.databricks.com",
    asked: "https://w.cloud.databricks.com/serving-endpoints"
  },
  "remote::xai": { asked: "https://api.x.ai/v1" },
  "remote::runpod": {
    base_url: "https://api.runpod.ai/v2/e/openai/v1",
    asked: "https://api.runpod.ai/v2/e/openai/v1"
  },
  "remote::lmstudio": { asked: "http://localhost:1234/v1" },
  "remote::text-embeddings-inference": { asked: "http://localhost:8080" },
  "remote::passthrough": { base_url: "https://stack.example.com", asked: "https://stack.example.com/v1" }
}

const all = entries.map((entry, index) => ({ entry, type: entry.type, definition: compatibleVendors[index]! }))

const vendors = all.filter(({ entry }) => entry.chats !== false)
const others = all.filter(({ entry }) => entry.chats === false)

const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, prompt_cache_hit_tokens: 4 }

const completion = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage
}

const chunk = (more: object) => ({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", ...more })

/** Groq counts a stream's tokens under its own name. */
const chunks = (type: string) => [
  chunk({ choices: [{ index: 0, delta: { role: "assistant", content: "Hi" }, finish_reason: null }] }),
  chunk({
    choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
    ...type === "remote::groq" ? { x_groq: { id: "req_1", usage } } : { usage }
  })
]

const tooMany = { error: { message: "Slow down.", type: "rate_limit_error", param: null, code: "rate_limit_exceeded" } }

/** Ids have no colons: one server asks all vendors, which are one fake at an address of each. */
const given = Effect.gen(function*() {
  const vendor = yield* FakeUpstream.make({
    respond: ({ body, method, path }) => {
      if (method === "GET") return ScriptedAnswer.json(200, { data: [] })
      const { messages, stream } = Object(body)
      if (messages[0].content === "much") return ScriptedAnswer.json(429, tooMany, { "retry-after": "7" })
      const type = `remote::${path.split("/")[1]}`
      return stream === true
        ? ScriptedAnswer.events(chunks(type) as never)
        : ScriptedAnswer.json(200, completion as never)
    }
  })
  const origin = vendor.url.replace(/\/v1$/, "")
  const strata = yield* Strata.make({
    level: "raw",
    providers: vendors.map(({ type }) => {
      const id = type.replace("remote::", "")
      const config = { base_url: `${origin}/${id}/x`, api_key: Vendors.vendorKey, models: ["m"] }
      return { provider_id: id, provider_type: type, config }
    })
  })
  const ask = (type: string, content: string, stream = false) => {
    const id = type.replace("remote::", "")
    const body = { model: `${id}/m`, messages: [{ role: "user", content }], stream }
    return Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": `${id}-${content}-${stream}` })
  }
  return { ask, strata, vendor }
})

describe("the vendors of Chat Completions", () => {
  it("are each held by a test", () => {
    assert.deepStrictEqual(entries.map(({ type }) => type), Object.keys(addresses))
  })

  it.live.each(vendors)(
    "$type is asked at its address, with its key",
    ({ definition, type }) =>
      Effect.gen(function*() {
        const { asked: address, base_url } = addresses[type]!
        const where = base_url === undefined ? {} : { base_url }
        const { requests } = yield* asked(definition, { ...where, api_key: "k-1234567" })
        assert.deepStrictEqual(requests.map(urlOf), [`${address}/chat/completions`])
        assert.strictEqual(requests[0]!.headers["authorization"], "Bearer k-1234567")
      })
  )

  it.live.each(vendors)(
    "$type says at once that its key is missing, or needs none",
    ({ definition, entry, type }) =>
      Effect.gen(function*() {
        const { base_url } = addresses[type]!
        const { refused, requests } = yield* asked(definition, base_url === undefined ? {} : { base_url })
        const isNeeded = entry.needsKey !== "never"
        assert.lengthOf(requests, isNeeded ? 0 : 1)
        assert.strictEqual(refused?._tag, isNeeded ? "ProviderRejected" : undefined)
      })
  )

  it.live.each(others)(
    "$type is asked for its models, and not for chat",
    ({ definition, entry, type }) =>
      Effect.gen(function*() {
        const { chats, requests } = yield* asked(definition, {}, { lists: true })
        assert.isFalse(chats)
        assert.deepStrictEqual(requests.map(urlOf), [`${addresses[type]!.asked}${entry.models!.path}`])
      })
  )

  it.live.each(all.filter(({ entry }) => entry.embeddings !== undefined))(
    "$type makes embeddings by its own endpoint, with its key",
    ({ definition, entry, type }) =>
      Effect.gen(function*() {
        const { asked: address, base_url } = addresses[type]!
        const where = base_url === undefined ? {} : { base_url }
        const { requests } = yield* asked(definition, { ...where, api_key: "k-1234567" }, { embeds: true })
        assert.deepStrictEqual(requests.map(urlOf), [`${address}${entry.embeddings!.dialect.path("m")}`])
        assert.strictEqual(requests[0]!.headers["authorization"], "Bearer k-1234567")
      })
  )

  it.live(
    "answer, stream, count and refuse in the words of their clients, and are verified",
    () =>
      Effect.gen(function*() {
        const { ask, strata, vendor } = yield* given
        for (const { type } of vendors) {
          const id = type.replace("remote::", "")
          const answered = yield* ask(type, "hello")
          assert.deepStrictEqual(answered.json, completion, type)
          const sent = vendor.received.findLast(({ method }) => method === "POST")!
          assert.deepStrictEqual([sent.method, sent.path], ["POST", `/${id}/x/chat/completions`])
          assert.strictEqual(sent.headers["authorization"], `Bearer ${Vendors.vendorKey}`)
          assert.strictEqual(Object(sent.body).model, "m")
          const streamed = yield* ask(type, "hello", true)
          assert.isTrue(streamed.text.endsWith("data: [DONE]\n\n"), type)
          const refused = yield* ask(type, "much")
          assert.deepStrictEqual(
            [refused.status, refused.headers["retry-after"], refused.json],
            [429, "7", tooMany],
            type
          )
          for (const session of [`${id}-hello-false`, `${id}-hello-true`]) {
            const [response] = yield* strata.events({ types: ["llm:response"], sessionId: session })
            assert.deepInclude(Object(payloadOf(response!)), { response_model: "m", finish_reason: "stop" }, type)
            assert.deepInclude(Object(payloadOf(response!)).usage, {
              input_tokens: 7,
              output_tokens: 3,
              total_tokens: 10
            })
            const { json } = yield* Http.post(strata.url, `/v1/sessions/${session}/verify`, {})
            assert.deepInclude(Object(json), { status: "identical", requests: 1 }, session)
          }
        }
        assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
      }).pipe(Effect.scoped),
    30_000
  )
})
