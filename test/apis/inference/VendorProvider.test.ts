/** What provider types of one dialect have in common: keys, of the configuration or of the client. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"
import * as Vendors from "../../support/Vendors.ts"

const messages = [{ role: "user", content: "Hello?" }]
const ownKey = "sk-own-secret-0123456789abcdef"

const routes = [
  { path: "/v1/messages", form: "error" },
  { path: "/v1/messages/count_tokens", form: "error" },
  { path: "/v1/chat/completions", form: undefined }
]

describe("a provider at its vendor's own address, without a key", () => {
  it.live.each(
    ["anthropic", "gemini", "openai"].flatMap((type) => routes.map((route) => ({ type, ...route })))
      // Nobody is asked.
      .filter(({ path, type }) => !(type === "openai" && path.endsWith("count_tokens")))
  )("$type refuses at $path in the client's form, and asks nobody", ({ form, path, type }) =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        level: "raw",
        providers: [{ provider_id: type, provider_type: `remote::${type}`, config: { models: ["m"] } }]
      })
      const { json, status, text } = yield* Http.post(strata.url, path, { model: `${type}/m`, max_tokens: 1, messages })
      assert.strictEqual(status, 401, text)
      assert.strictEqual(fieldsOf(json)["type"], form)
      assert.include(String(fieldsOf(fieldsOf(json)["error"])["message"]), "key")
      const sent = yield* strata.events({ types: ["llm:request:raw", "tokens:request:raw"] })
      assert.deepStrictEqual(sent.filter(({ payload }) => payload.includes("https://")), [])
    }).pipe(Effect.scoped))
})

describe("a client's own key", () => {
  it.live.each([
    { type: "anthropic", header: "x-api-key", value: ownKey, path: "/v1/messages" },
    { type: "anthropic", header: "x-api-key", value: ownKey, path: "/v1/messages/count_tokens" },
    { type: "gemini", header: "x-goog-api-key", value: ownKey, path: "/v1/messages/count_tokens" },
    { type: "openai", header: "authorization", value: `Bearer ${ownKey}`, path: "/v1/messages" }
  ])(
    "goes to $type as it wants it at $path, and into no event",
    ({ header, path, type, value }) =>
      Effect.gen(function*() {
        const vendor = yield* FakeUpstream.make({
          respond: () => ScriptedAnswer.json(400, { error: { message: "no" } })
        })
        const strata = yield* Strata.make({ level: "raw", providers: [Vendors.entry(type, vendor)] })
        yield* Http.post(strata.url, path, { model: `${type}/m`, max_tokens: 1, messages }, {
          "x-strata-provider-data": JSON.stringify({ [type]: { api_key: ownKey } })
        })
        assert.strictEqual(vendor.received.at(-1)?.headers[header], value)
        const log = JSON.stringify(yield* strata.events())
        for (const key of [ownKey, Vendors.vendorKey]) assert.notInclude(log, key)
      }).pipe(Effect.scoped)
  )
})
