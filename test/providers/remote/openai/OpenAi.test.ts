/** `remote::openai`: the contract, and how it speaks to a vendor. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Config, dialectOf, OpenAi } from "../../../../src/providers/remote/openai/OpenAi.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import type { FakeUpstreamOptions } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { providerContract } from "../../../support/providerContract.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { hello } from "../../../support/Sdk.ts"
import { Strata } from "../../../support/Strata.ts"

const respond: FakeUpstreamOptions["respond"] = ({ body, method }) => {
  const { model, stream } = (body ?? {}) as Schema.JsonObject
  if (method === "GET") return undefined
  if (model === "broken") return ScriptedAnswer.error(500, "broken")
  return stream === true
    ? ScriptedAnswer.events([{ choices: [] }, { choices: [] }])
    : ScriptedAnswer.json(200, { choices: [] })
}

providerContract(
  OpenAi,
  Effect.map(FakeUpstream.make({ respond, models: ["small", "broken"] }), ({ url }) => ({
    config: { base_url: url },
    answered: { ...hello, model: "small" },
    failing: { ...hello, model: "broken" }
  }))
)

const given = (options: FakeUpstreamOptions, config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make(options)
    const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, config)] })
    const list = (yield* Http.send(strata.url, "/v1/models")).json as { readonly data: ReadonlyArray<{ id: string }> }
    return { strata, upstream, ids: list.data.map(({ id }) => id) }
  })

const post = (strata: Strata, model: string) => Http.post(strata.url, "/v1/chat/completions", { ...hello, model })

/** How the provider fares, as Strata shows it. */
const health = (strata: Strata) =>
  Effect.map(
    Http.send(strata.url, "/v1/providers/upstream"),
    ({ json }) => (json as { readonly health: { readonly status: string; readonly message: string | null } }).health
  )

describe("remote::openai", () => {
  it("sends custom tools as such to OpenAI and Azure alone, unless it is told what the vendor has", () => {
    const has = (config: Schema.JsonObject) =>
      dialectOf(Schema.decodeUnknownSync(Config)(config)).lower.customTools === true
    for (const api of ["chat_completions", "responses"]) {
      for (
        const url of [
          "https://api.openai.com/v1",
          "https://eu.api.openai.com/v1",
          "https://a.openai.azure.com/openai/v1"
        ]
      ) {
        assert.isTrue(has({ api, base_url: url }), url)
        assert.isFalse(has({ api, base_url: url, custom_tools: false }))
      }
      for (
        const url of [
          "http://127.0.0.1:8000/v1",
          "https://api.groq.com/openai/v1",
          "https://api.openai.com.evil.example/v1"
        ]
      ) {
        assert.isFalse(has({ api, base_url: url }), url)
        assert.isTrue(has({ api, base_url: url, custom_tools: "true" }))
      }
      assert.isTrue(has({ api }))
    }
  })

  it.live("asks a base URL that ends in slashes", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond, models: ["small"] })
      const strata = yield* Strata.make({ providers: [Strata.openAi({ ...upstream, url: `${upstream.url}//` })] })
      assert.strictEqual((yield* post(strata, "upstream/small")).status, 200)
      const paths = upstream.received.map(({ path }) => path)
      assert.deepStrictEqual(paths, ["/v1/models", "/v1/chat/completions"])
    }))

  it.live("serves the models that are configured and no other, whatever the vendor lists", () =>
    Effect.gen(function*() {
      const { ids, strata, upstream } = yield* given({ respond, models: ["other"] }, { models: ["b", "a"] })
      assert.deepStrictEqual(ids, ["upstream/a", "upstream/b"])
      assert.strictEqual((yield* post(strata, "upstream/a")).status, 200)
      assert.strictEqual((yield* post(strata, "upstream/other")).status, 404)
      assert.deepStrictEqual(upstream.received.map(({ method }) => method), ["GET", "POST"])
    }))

  it.live("asks for what the vendor does not list, unless the models are configured", () =>
    Effect.gen(function*() {
      const { ids, strata, upstream } = yield* given({ respond, models: ["m"] })
      assert.deepStrictEqual(ids, ["upstream/m"])
      assert.strictEqual((yield* post(strata, "upstream/ft:m:new")).status, 200)
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "ft:m:new")
    }))

  it.live("understands a bare array of models", () =>
    Effect.gen(function*() {
      const { ids } = yield* given({
        list: () => ScriptedAnswer.json(200, [{ id: "x" }, { id: "y", created: 1.5 }])
      })
      assert.deepStrictEqual(ids, ["upstream/x", "upstream/y"])
    }))

  it.live("sends the configured headers, and shows none that is secret", () =>
    Effect.gen(function*() {
      const headers = { "OpenAI-Organization": "org-1", "X-Api-Key": "sk-header-0123456789" }
      const { strata, upstream } = yield* given({ respond, models: ["m"] }, {
        headers,
        api_key: "sk-bearer-0123456789"
      })
      yield* post(strata, "upstream/m")
      for (const { headers } of upstream.received) {
        assert.deepInclude(headers, { "openai-organization": "org-1", "x-api-key": "sk-header-0123456789" })
      }
      const shown = yield* Http.send(strata.url, "/v1/providers")
      assert.include(shown.text, "org-1")
      for (const text of [shown.text, JSON.stringify(yield* strata.events())]) assert.notInclude(text, "0123456789")
    }))

  it.live("is unhealthy with a wrong key, and says why", () =>
    Effect.gen(function*() {
      const { ids, strata } = yield* given({ apiKey: "right" }, { api_key: "wrong-key" })
      assert.deepStrictEqual(ids, [])
      assert.deepInclude(yield* health(strata), { status: "unhealthy" })
      assert.lengthOf(yield* strata.events({ types: ["provider:unhealthy"] }), 1)
    }))

  it.live("keeps nobody from starting while its vendor is down", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make()
      yield* upstream.close
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
      const { message, status } = yield* health(strata)
      assert.strictEqual(status, "unhealthy")
      assert.include(message, "ECONNREFUSED")
      assert.deepInclude((yield* Http.send(strata.url, "/v1/health")).json, { status: "ok" })
      assert.strictEqual((yield* post(strata, "upstream/m")).status, 502)
    }))
})
