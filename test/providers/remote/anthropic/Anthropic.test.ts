/** `remote::anthropic`: how it speaks to its vendor, and which models it serves. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import { fieldsOf, listOf } from "../../../support/strict/StrictVendor.ts"
import * as Vendors from "../../../support/Vendors.ts"

const body = { model: "anthropic/m", max_tokens: 10, messages: [{ role: "user", content: "Hello?" }] }

const given = (config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({
      list: () => ScriptedAnswer.json(200, { data: [{ id: "claude-a" }, { id: "claude-b" }] }),
      models: [],
      respond: () => Vendors.message([{ type: "text", text: "Hi" }])
    })
    const { config: common, ...entry } = Vendors.entry("anthropic", vendor, config)
    const { models, ...listing } = fieldsOf(common)
    const strata = yield* Strata.make({
      level: "raw",
      providers: [{ ...entry, config: "models" in config ? { ...listing, models: models! } : listing }]
    })
    return { strata, vendor }
  })

describe("remote::anthropic", () => {
  it.live("lists what its vendor lists, with the key and the version in headers of its own", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* given()
      const { json } = yield* Http.send(strata.url, "/v1/models")
      assert.deepStrictEqual(listOf(fieldsOf(json)["data"]).map(({ id }) => id), [
        "anthropic/claude-a",
        "anthropic/claude-b"
      ])
      const [list] = vendor.received
      assert.strictEqual(list?.path, "/v1/models?limit=1000")
      assert.deepInclude(list?.headers, { "x-api-key": Vendors.vendorKey, "anthropic-version": "2023-06-01" })
      assert.isUndefined(list?.headers["authorization"])
    }).pipe(Effect.scoped))

  it.live("sends its own version where the client says none, and the client's own else", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* given({ models: ["m"] })
      yield* Http.post(strata.url, "/v1/messages", body)
      yield* Http.post(strata.url, "/v1/messages", body, { "anthropic-version": "2023-01-01", "anthropic-beta": "b-1" })
      yield* Http.post(strata.url, "/v1/chat/completions", body, { "anthropic-beta": "b-1" })
      const sent = vendor.received.filter(({ method }) => method === "POST").map(({ headers }) => [
        headers["anthropic-version"],
        headers["anthropic-beta"]
      ])
      assert.deepStrictEqual(sent, [["2023-06-01", undefined], ["2023-01-01", "b-1"], ["2023-06-01", undefined]])
    }).pipe(Effect.scoped))

  it.live("passes a request of its own dialect on as it came, but for the model's name", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* given({ models: ["m"] })
      const text = `{ "model":"anthropic/m", "max_tokens": 1e1, "of_tomorrow":[1.0],\n "messages":[] }`
      yield* Http.post(strata.url, "/v1/messages", text)
      assert.strictEqual(vendor.received.at(-1)?.bodyText, text.replace("anthropic/m", "m"))
    }).pipe(Effect.scoped))
})
