/** `remote::strata` for inference: the contract, another Strata behind it, and a server of Llama Stack's family. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { Strata as RemoteStrata } from "../../../../src/providers/remote/strata/Strata.ts"
import { Chat } from "../../../support/Chat.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import type { FakeUpstreamOptions } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { providerContract } from "../../../support/providerContract.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { hello } from "../../../support/Sdk.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const respond: FakeUpstreamOptions["respond"] = (request) => {
  const { model } = (request.body ?? {}) as Schema.JsonObject
  if (request.method === "GET") return undefined
  return model === "broken" ? ScriptedAnswer.error(500, "broken") : Chat.answering(["Blue", "whale"])(request)
}

providerContract(
  RemoteStrata,
  Effect.map(FakeUpstream.make({ respond, models: ["p/small", "broken"] }), ({ url }) => ({
    config: { base_url: url },
    answered: { ...hello, model: "p/small" },
    failing: { ...hello, model: "broken" }
  }))
)

const remote = ({ url }: { readonly url: string }, config: Schema.JsonObject = {}, provider_id = "b") => ({
  provider_id,
  provider_type: "remote::strata",
  config: { base_url: url, ...config }
})

const ids = (strata: Strata) =>
  Effect.map(
    Http.send(strata.url, "/v1/models"),
    ({ json }) => (json as { readonly data: ReadonlyArray<{ id: string }> }).data.map(({ id }) => id)
  )

const post = (strata: Strata, body: string, headers: Readonly<Record<string, string>> = {}) =>
  Http.post(strata.url, "/v1/chat/completions", body, headers)

/** A client, a Strata, another Strata, and a vendor. */
const chain = Effect.fnUntraced(function*(options: FakeUpstreamOptions, config: Schema.JsonObject = {}) {
  const vendor = yield* FakeUpstream.make({ models: ["m"], ...options })
  const b = yield* Strata.make({ providers: [Strata.openAi(vendor, {}, "v")] })
  const a = yield* Strata.make({ providers: [remote(b, config)] })
  return { a, b, vendor }
})

const strange = `{ "model":"b/v/m",  "messages":[{"role":"user","content":"hi"}], "seed":1.0, "x":{"y":1e2} }`

describe("remote::strata", () => {
  it.live("serves what the other server lists, and passes bytes through both ways", () =>
    Effect.gen(function*() {
      const answer = `{ "id":"1", "choices":[], "unknown":1.0 }`
      const { a, vendor } = yield* chain({
        respond: ({ method }) =>
          method === "GET"
            ? undefined
            : { _tag: "Fixed", status: 200, headers: { "content-type": "application/json" }, body: answer }
      })
      assert.deepStrictEqual(yield* ids(a), ["b/v/m"])
      const { status, text } = yield* post(a, strange)
      assert.deepStrictEqual([status, text], [200, answer])
      assert.strictEqual(vendor.received.at(-1)?.bodyText, strange.replace("b/v/m", "m"))
    }))

  it.live("passes messages of Anthropic's dialect through, their bytes as they are", () =>
    Effect.gen(function*() {
      const content = [{ type: "thinking", thinking: "Hm.", signature: "U0lHTg==", of_tomorrow: 1 }]
      const vendor = yield* FakeUpstream.make({ respond: () => Vendors.message(content) })
      const b = yield* Strata.make({ providers: [Vendors.entry("anthropic", vendor)] })
      const a = yield* Strata.make({ providers: [remote(b)] })
      const body = { max_tokens: 10, messages: [{ role: "user", content: "hi" }] }
      const near = yield* Http.post(b.url, "/v1/messages", { model: "anthropic/m", ...body })
      const far = yield* Http.post(a.url, "/v1/messages", { model: "b/anthropic/m", ...body })
      assert.strictEqual(far.status, 200)
      assert.strictEqual(far.text, near.text)
      assert.include(far.text, "of_tomorrow")
      const missing = yield* Http.post(a.url, "/v1/messages", { model: "b/anthropic/none", ...body })
      assert.deepInclude(Object(missing.json), { type: "error" })
    }))

  it.live("passes a stream through frame by frame, with one [DONE]", () =>
    Effect.gen(function*() {
      const { a, b } = yield* chain({ respond })
      const ask = (strata: Strata, model: string) => Chat.ask(strata.url, { model, stream: true })
      const near = yield* ask(b, "v/m")
      const far = yield* ask(a, "b/v/m")
      assert.strictEqual(far.text, near.text)
      assert.strictEqual(far.text.match(/\[DONE\]/g)?.length, 1)
    }))

  it.live("gives the other server's errors as they are, with its retry-after", () =>
    Effect.gen(function*() {
      const body = `{"error": {"message":"Slow down", "type":"rate_limit_error", "code":"rate_limited"}, "x": 1.0}`
      const { a } = yield* chain({
        respond: ({ method }) =>
          method === "GET" ? undefined : { _tag: "Fixed", status: 429, headers: { "retry-after": "7" }, body }
      })
      const { headers, status, text } = yield* post(a, strange)
      assert.deepStrictEqual([status, text, headers["retry-after"]], [429, body, "7"])
    }))

  it.live("records the request in sessions of one id on both, and each has the other's number of it", () =>
    Effect.gen(function*() {
      const { a, b } = yield* chain({ respond })
      const answer = yield* Chat.ask(a.url, { model: "b/v/m", session: "mine" })
      const [atA] = yield* a.events({ sessionId: "mine", types: ["llm:response:raw"] })
      const [atB] = yield* b.events({ sessionId: "mine", types: ["api:request:raw"] })
      const headersOf = (payload = "{}") => JSON.parse(payload).headers as Record<string, string>
      assert.strictEqual(atA?.requestId, Chat.requestId(answer))
      assert.strictEqual(headersOf(atA?.payload)["x-request-id"], atB?.requestId)
      assert.deepInclude(headersOf(atB?.payload), {
        "x-request-id": Chat.requestId(answer),
        "x-strata-session-id": "mine",
        "x-strata-hops": "1"
      })
    }))

  it.live("sends its key, or the client's in place of it, and what the client has for the other's providers", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond, models: ["m"] })
      const b = yield* Strata.make({ providers: [Strata.openAi(vendor, { api_key: "b-vendor-key-1" }, "v")] })
      const a = yield* Strata.make({ providers: [remote(b, { api_key: "b-server-key-1" })] })
      const keys = () => vendor.received.at(-1)?.headers["authorization"]
      yield* post(a, strange)
      assert.strictEqual(keys(), "Bearer b-vendor-key-1")
      yield* post(a, strange, {
        "x-strata-session-id": "own",
        "x-strata-provider-data": JSON.stringify({
          b: { api_key: "client-at-b-1", provider_data: { v: { api_key: "client-at-vendor-1" } } }
        })
      })
      assert.strictEqual(keys(), "Bearer client-at-vendor-1")
      const events = JSON.stringify([yield* a.events(), yield* b.events()])
      for (const key of ["b-vendor-key-1", "b-server-key-1", "client-at-b-1", "client-at-vendor-1"]) {
        assert.notInclude(events, key)
      }
      const [sent] = yield* b.events({ sessionId: "own", types: ["api:request:raw"] })
      assert.include(sent?.payload, `"authorization":"[REDACTED]"`)
      assert.include(sent?.payload, `"x-strata-provider-data":"[REDACTED]"`)
    }))

  it.live("answers 508 to what has passed too many servers, and the client sees it through all of them", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond, models: ["m"] })
      const c = yield* Strata.make({ providers: [Strata.openAi(vendor, {}, "v")] })
      const b = yield* Strata.make({ providers: [remote(c, { max_hops: 1 }, "c")] })
      const a = yield* Strata.make({ providers: [remote(b)] })
      assert.strictEqual((yield* Http.post(b.url, "/v1/chat/completions", { ...hello, model: "c/v/m" })).status, 200)
      const before = vendor.received.length
      for (const stream of [false, true]) {
        const { json, status } = yield* Http.post(a.url, "/v1/chat/completions", {
          ...hello,
          model: "b/c/v/m",
          stream
        })
        assert.strictEqual(status, 508)
        assert.deepInclude((json as { readonly error: unknown }).error, {
          type: "upstream_error",
          code: "loop_detected"
        })
      }
      assert.strictEqual(vendor.received.length, before)
    }))

  it.live("lists two rounds of a circle of servers and no more", () =>
    Effect.gen(function*() {
      const models = ["v/m", "a/b/v/m", "a/b/a/b/v/m", "a/b/a/b/a/b/v/m", "a/b/a/b/a/b/a/b/v/m", "meta/meta/m"]
      const b = yield* FakeUpstream.make({ models })
      const a = yield* Strata.make({ providers: [remote(b)] })
      assert.sameMembers([...yield* ids(a)], ["b/v/m", "b/a/b/v/m", "b/a/b/a/b/v/m", "b/meta/meta/m"])
    }))
})

/** As OGX answers, and as Llama Stack did when its models still had an identifier. */
const families = [
  {
    name: "OGX",
    list: {
      object: "list",
      data: [{
        id: "ollama/llama3.2:3b-instruct-fp16",
        object: "model",
        created: 1_763_000_000,
        owned_by: "ogx",
        custom_metadata: { model_type: "llm", provider_id: "ollama", provider_resource_id: "llama3.2:3b-instruct-fp16" }
      }]
    }
  },
  {
    name: "Llama Stack",
    list: {
      data: [{
        identifier: "ollama/llama3.2:3b-instruct-fp16",
        provider_resource_id: "llama3.2:3b-instruct-fp16",
        provider_id: "ollama",
        type: "model",
        metadata: {},
        model_type: "llm"
      }]
    }
  }
]

describe.each(families)("remote::strata before $name", ({ list }) => {
  it.live("serves its models, JSON and streamed, and gives its errors", () =>
    Effect.gen(function*() {
      const refusal = { error: { detail: { errors: [{ loc: ["body", "messages"], msg: "too long" }] } } }
      const ogx = yield* FakeUpstream.make({
        list: () => ScriptedAnswer.json(200, list),
        respond: (request) =>
          JSON.stringify(request.body).includes("refuse")
            ? ScriptedAnswer.json(400, refusal)
            : Chat.answering(["Blue", "whale"])(request)
      })
      const a = yield* Strata.make({ providers: [remote({ url: ogx.url.replace("/v1", "/") }, {}, "ogx")] })
      const model = "ogx/ollama/llama3.2:3b-instruct-fp16"
      assert.deepStrictEqual(yield* ids(a), [model])
      assert.include((yield* Chat.ask(a.url, { model })).text, "Blue whale")
      assert.include((yield* Chat.ask(a.url, { model, stream: true })).text, "whale")
      const { json, status } = yield* Chat.ask(a.url, { model, content: "refuse" })
      assert.deepStrictEqual([status, json], [400, refusal])
      assert.deepStrictEqual(ogx.received.map(({ method, path }) => `${method} ${path}`), [
        "POST /v1/chat/completions",
        "POST /v1/chat/completions",
        "POST /v1/chat/completions"
      ])
    }))
})
