import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as VendorBatchEvents from "../../../src/apis/inference/VendorBatchEvents.ts"

describe("VendorBatchEvents", () => {
  it("say what is asked of the vendor, about which batch, and nothing else", () => {
    const is = Schema.is(VendorBatchEvents.Request.base.payload as unknown as Schema.Codec<unknown>)
    const asked = { provider: "p", call: "1", batch_id: "batch_1", line_count: null }
    for (const operation of VendorBatchEvents.actions) assert.isTrue(is({ ...asked, operation }), operation)
    assert.isFalse(is({ ...asked, operation: "delete" }))
  })

  it("are asked, answered and failed, at three levels", () => {
    assert.deepStrictEqual(
      VendorBatchEvents.all.map(({ type }) => type).filter((type) => !/:(debug|raw)$/.test(type)),
      ["vendor_batch:request", "vendor_batch:response", "vendor_batch:error"]
    )
  })
})
