/** `remote::azure`: deployments, versions, keys, and what Azure alone says. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import * as CrossFieldCheck from "../../../../src/kernel/provider/CrossFieldCheck.ts"
import { Azure } from "../../../../src/providers/remote/azure/Azure.ts"
import { asked, urlOf } from "../../../support/AskedVendors.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import * as PublicCases from "../../../support/PublicCases.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"

const resource = "https://r.openai.azure.com"

const given = (answer: ScriptedAnswer, config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({ respond: () => answer })
    const base_url = vendor.url.replace(/\/v1$/, "")
    const strata = yield* Strata.make({
      level: "raw",
      providers: [{
        provider_id: "v",
        provider_type: "remote::azure",
        config: { base_url, api_version: "2024-12-01-preview", api_key: Vendors.vendorKey, ...config }
      }]
    })
    const ask = (body: Schema.JsonObject) =>
      Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": "s" })
    const verified = Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => Object(json))
    return { ask, strata, vendor, verified }
  })

const hello = [{ role: "user", content: "hi" }]

describe("remote::azure", () => {
  it.live(PublicCases.nameOf("azure-url-and-key"), () =>
    Effect.gen(function*() {
      const { config, request } = PublicCases.inputOf("azure-url-and-key") as Record<string, Schema.JsonObject>
      const { requests } = yield* asked(Azure, config!, { model: "gpt-4o" })
      assert.deepStrictEqual(requests.map(urlOf), [
        `${resource}/openai/deployments/my-4o/chat/completions?api-version=2024-12-01-preview`
      ])
      assert.strictEqual(requests[0]!.headers["api-key"], "<key>")
      assert.isUndefined(requests[0]!.headers["authorization"])
      const versionless = { base_url: `${resource}/openai/v1`, api_key: "k", deployments: { "gpt-4o": "my-4o" } }
      assert.deepStrictEqual(CrossFieldCheck.broken(Azure.config, versionless), [])
      const inBody = yield* asked(Azure, versionless, { model: "gpt-4o" })
      assert.deepStrictEqual(inBody.requests.map(urlOf), [`${resource}/openai/v1/chat/completions`])
      assert.include(inBody.bodies[0], `"model":"my-4o"`)
      const queried = yield* asked(Azure, { ...config, base_url: `${resource}?tenant=a` }, { model: "gpt-4o" })
      assert.deepStrictEqual(queried.requests.map(urlOf), [
        `${resource}/openai/deployments/my-4o/chat/completions?tenant=a&api-version=2024-12-01-preview`
      ])
      const filtered = {
        error: {
          message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
          type: null,
          param: "prompt",
          code: "content_filter",
          status: 400,
          innererror: {
            code: "ResponsibleAIPolicyViolation",
            content_filter_result: { hate: { filtered: true, severity: "high" } }
          }
        }
      }
      const { ask, strata, verified } = yield* given(ScriptedAnswer.json(400, filtered))
      const { json, status } = yield* ask({ ...request, model: "v/gpt-4o" })
      assert.deepStrictEqual([status, json], [400, filtered])
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
      assert.notInclude(JSON.stringify(yield* strata.events()), Vendors.vendorKey)
    }).pipe(Effect.scoped))

  it.live(PublicCases.nameOf("azure-annotations-behind-the-finish"), () =>
    Effect.gen(function*() {
      const id = "azure-annotations-behind-the-finish"
      const frames = PublicCases.chunksOf(id)
      const { ask, strata, verified } = yield* given(Vendors.frames(frames))
      const { text } = yield* ask(PublicCases.requestOf(id) as Schema.JsonObject)
      assert.strictEqual(text, frames.join(""))
      const [response] = yield* strata.events({ types: ["llm:response"], sessionId: "s" })
      assert.deepInclude(Object(payloadOf(response!)), { finish_reason: "stop", response_id: "chatcmpl-1" })
      const { json } = yield* Http.send(strata.url, "/v1/sessions/s/state")
      assert.include(JSON.stringify(json), `"Hello"`)
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("lists the models of its deployments, and asks others as deployments of their name", () =>
    Effect.gen(function*() {
      const answer = ScriptedAnswer.json(200, { id: "a", choices: [] })
      const { ask, strata, vendor } = yield* given(answer, { deployments: { "gpt-4o": "my-4o" }, models: ["o3"] })
      const { json } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(Object(json).data.map(({ id }: { id: string }) => id), ["v/gpt-4o", "v/o3"])
      yield* ask({ model: "v/gpt-4o", messages: hello })
      yield* ask({ model: "v/o3", messages: hello })
      assert.deepStrictEqual(vendor.received.filter(({ method }) => method === "POST").map(({ path }) => path), [
        "/openai/deployments/my-4o/chat/completions?api-version=2024-12-01-preview",
        "/openai/deployments/o3/chat/completions?api-version=2024-12-01-preview"
      ])
    }).pipe(Effect.scoped))

  it.live("makes embeddings by deployment", () =>
    Effect.gen(function*() {
      const config = { base_url: resource, api_version: "v", api_key: "k", deployments: { small: "my-small" } }
      const { bodies, requests } = yield* asked(Azure, config, { model: "small", embeds: true })
      assert.deepStrictEqual(requests.map(urlOf), [`${resource}/openai/deployments/my-small/embeddings?api-version=v`])
      assert.strictEqual(JSON.parse(bodies[0]!).model, "my-small")
    }))

  it.live("sends a token of Entra instead of a key, and a client's own key instead of either", () =>
    Effect.gen(function*() {
      const entra = { authentication: "entra", azure_ad_token: "entra-token-1", models: ["m"], api_key: "" }
      const { ask, strata, vendor } = yield* given(ScriptedAnswer.json(200, { id: "a", choices: [] }), entra)
      yield* ask({ model: "v/m", messages: hello })
      assert.strictEqual(vendor.received.at(-1)?.headers["authorization"], "Bearer entra-token-1")
      yield* Http.post(strata.url, "/v1/chat/completions", { model: "v/m", messages: hello }, {
        "x-strata-provider-data": JSON.stringify({ v: { api_key: "own-key-of-a-client" } })
      })
      const { headers } = vendor.received.at(-1)!
      assert.deepStrictEqual([headers["api-key"], headers["authorization"]], ["own-key-of-a-client", undefined])
      const log = JSON.stringify(yield* strata.events())
      for (const secret of ["entra-token-1", "own-key-of-a-client"]) assert.notInclude(log, secret)
    }).pipe(Effect.scoped))

  it("says which version is missing, and which address", () => {
    const broken = (config: Schema.JsonObject) => CrossFieldCheck.broken(Azure.config, config).map(({ key }) => key)
    assert.deepStrictEqual(broken({ base_url: resource }), ["api_version"])
    assert.deepStrictEqual(broken({ api_base: resource, api_version: "" }), ["api_version"])
    assert.deepStrictEqual(broken({ base_url: `${resource}?api-version=v` }), [])
    assert.deepStrictEqual(broken({ api_version: "v" }), ["base_url"])
    const both = { base_url: resource, api_version: "v", authentication: "entra", api_key: "k" }
    assert.deepStrictEqual(broken(both), ["api_key"])
    assert.deepStrictEqual(broken({ ...both, api_key: "" }), [])
  })
})
