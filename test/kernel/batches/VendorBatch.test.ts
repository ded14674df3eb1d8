import { assert, describe, it } from "@effect/vitest"
import { isOver } from "../../../src/kernel/batches/VendorBatch.ts"

const batch = { id: "b", counts: { completed: 0, failed: 0 }, output_file_id: null, error_file_id: null, errors: [] }

describe("a vendor's batch", () => {
  it("is over once the vendor comes to no line of it any more", () => {
    for (const status of ["completed", "failed", "expired", "cancelled"] as const) {
      assert.isTrue(isOver({ ...batch, status }), status)
    }
    for (const status of ["in_progress", "cancelling"] as const) assert.isFalse(isOver({ ...batch, status }), status)
  })
})
