/** An entry as a provider type: addresses as people write them, and names of a Llama Stack run.yaml. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import * as CrossFieldCheck from "../../../../src/kernel/provider/CrossFieldCheck.ts"
import * as Compatible from "../../../../src/providers/remote/compatible/Compatible.ts"
import { asked, urlOf } from "../../../support/AskedVendors.ts"

const common = { displayName: "V", description: "A vendor.", keyVariable: "V_KEY", document: "https://v.example" }

const own = Compatible.make({
  ...common,
  type: "remote::own",
  base_url: "https://v.example/openai/v1",
  urlName: "openai_compat_api_base",
  appendsVersion: true,
  withoutEffect: { max_tokens: "requests say it" }
})
const elsewhere = Compatible.make({ ...common, type: "remote::elsewhere", example: "https://x/v1", path: "/v1" })

const addressOf = (config: Schema.JsonObject) =>
  Effect.map(asked(own, { api_key: "k", ...config }), ({ requests }) => urlOf(requests[0]!))

describe("Compatible", () => {
  it.live.each<readonly [config: Schema.JsonObject, expected: string]>([
    [{}, "https://v.example/openai/v1"],
    [{ base_url: "https://other.example" }, "https://other.example/openai/v1"],
    [{ base_url: "https://other.example/" }, "https://other.example/openai/v1"],
    [{ base_url: "https://other.example/v2" }, "https://other.example/v2"],
    [{ url: "https://other.example" }, "https://other.example/openai/v1"],
    [{ openai_compat_api_base: "https://other.example/v3/" }, "https://other.example/v3"],
    [{ url: "http://nim:8000", append_api_version: "False" }, "http://nim:8000"],
    [{ url: "http://nim:8000", append_api_version: true }, "http://nim:8000/openai/v1"]
  ])("asks with %j at %s", ([config, expected]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* addressOf(config), `${expected}/chat/completions`)
    }))

  it.live("keeps the query of an address without a path", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* addressOf({ base_url: "https://other.example?tenant=a" }),
        "https://other.example/openai/v1/chat/completions?tenant=a"
      )
    }))

  it("wants an address where the vendor has none of its own, under any of its names", () => {
    const broken = (config: Schema.JsonObject) => CrossFieldCheck.broken(elsewhere.config, config).map(({ key }) => key)
    assert.deepStrictEqual(broken({}), ["base_url"])
    assert.deepStrictEqual(broken({ base_url: "" }), ["base_url"])
    assert.deepStrictEqual(broken({ url: "https://x" }), [])
    assert.deepStrictEqual(CrossFieldCheck.broken(own.config, {}), [])
  })

  it("is tested by hand-written answers unless its entry says more", () => {
    assert.deepStrictEqual(own.status, { status: "fixture", against: "https://v.example" })
  })
})
