/** The configuration of provider types at a base URL, as a person is asked for it. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as VendorFields from "../../../src/apis/inference/VendorFields.ts"
import { configFields } from "../../../src/kernel/provider/FieldPrompt.ts"

const own = Schema.Struct(VendorFields.fields({ base_url: "https://v.example/v1", keyVariable: "V_KEY" }))
const elsewhere = Schema.Struct(VendorFields.fieldsWithoutUrl({ example: "https://x/v1", keyVariable: "V_KEY" }))

const urlOf = (config: Schema.Top) => configFields({ config }).find(({ id }) => id === "base_url")!

describe("VendorFields", () => {
  it("have an address where the vendor has one, and want one where it has none", () => {
    assert.deepInclude(urlOf(own), { required: false, default: "https://v.example/v1" })
    assert.deepInclude(urlOf(elsewhere), { required: true, default: null })
  })

  it("ask nobody for Llama Stack's names", () => {
    const ids = configFields({ config: own }).map(({ id }) => id)
    for (const name of ["url", "api_token", "allowed_models", "refresh_models", "network", "timeout"]) {
      assert.notInclude(ids, name)
    }
    assert.includeMembers(ids, ["base_url", "api_key", "models", "headers", "timeout_ms"])
  })

  it("name the variable of the key", () => {
    assert.strictEqual(configFields({ config: own }).find(({ id }) => id === "api_key")?.env_var, "V_KEY")
  })
})
