/** Names of a Llama Stack run.yaml stand for ours; what has no effect is said. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Schema } from "effect"
import * as LlamaStackFields from "../../../src/apis/inference/LlamaStackFields.ts"
import * as VendorFields from "../../../src/apis/inference/VendorFields.ts"

const decode = Schema.decodeUnknownSync(
  Schema.Struct(VendorFields.fields({ base_url: "https://v.example/v1", keyVariable: "V_KEY" }))
)
const resolved = (written: Schema.JsonObject) => LlamaStackFields.resolve(decode(written))

describe("LlamaStackFields", () => {
  it("stand for an address, a key and models", () => {
    const { api_key, base_url, models } = resolved({
      url: "https://other.example/v1",
      api_token: "token-1",
      allowed_models: ["a", "b"]
    })
    assert.strictEqual(base_url, "https://other.example/v1")
    assert.strictEqual(Redacted.value(api_key!), "token-1")
    assert.deepStrictEqual(models, ["a", "b"])
    assert.strictEqual(resolved({}).base_url, "https://v.example/v1")
  })

  it("stand for a key where the key of its own name is empty", () => {
    assert.strictEqual(Redacted.value(resolved({ api_key: "", api_token: "t" }).api_key!), "t")
    assert.strictEqual(Redacted.value(resolved({ api_key: "k" }).api_key!), "k")
  })

  it("stand for time limits, in seconds, and for headers", () => {
    assert.deepInclude(resolved({ timeout: 60 }), { timeout_ms: 60_000, connect_timeout_ms: 10_000 })
    assert.deepInclude(resolved({ network: { timeout: 1.5 } }), { timeout_ms: 1500 })
    assert.deepInclude(resolved({ network: { timeout: { connect: 2, read: "30" } } }), {
      timeout_ms: 30_000,
      connect_timeout_ms: 2000
    })
    assert.deepStrictEqual(resolved({ network: { headers: { a: "1", b: "2" } }, headers: { b: "3" } }).headers, {
      a: "1",
      b: "3"
    })
    assert.deepInclude(resolved({ network: null }), { timeout_ms: 600_000 })
  })

  it("say of what has no effect that it has none, and why", () => {
    const notices = LlamaStackFields.notices(
      { refresh_models: true, network: { tls: { verify: false }, proxy: null }, tls_verify: true, timeout: 1 },
      { tls_verify: "certificates are always verified" }
    )
    assert.lengthOf(notices, 3)
    assert.match(notices[0]!, /^refresh_models has no effect: /)
    assert.match(notices[1]!, /^network\.tls has no effect: .*NODE_EXTRA_CA_CERTS/)
    assert.strictEqual(notices[2], "tls_verify has no effect: certificates are always verified")
    assert.deepStrictEqual(LlamaStackFields.notices({ refresh_models: false }), [])
  })

  it("are refused beside the field they stand for", () => {
    const both = { url: "https://a", base_url: "https://b", api_token: "", api_key: "k", allowed_models: ["a"] }
    assert.deepStrictEqual(LlamaStackFields.check(both).map(({ key }) => key), ["url"])
  })

  it("are an address under any of its names", () => {
    for (const name of ["base_url", "url", "api_base", "openai_compat_api_base"]) {
      assert.deepStrictEqual(LlamaStackFields.checkUrl({ [name]: "https://a" }), [])
    }
    assert.deepStrictEqual(LlamaStackFields.checkUrl({}).map(({ key }) => key), ["base_url"])
  })
})
