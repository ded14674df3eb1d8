/** What Strata does of itself stands in the catalog of events, and no route leads to it. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as SystemOperations from "../../../src/kernel/system/SystemOperations.ts"

const decodes = (type: string, payload: unknown) =>
  Schema.is(apis.catalog.find(type)!.payload as Schema.Codec<unknown>)(payload)

const asked = (operation: string, method: string, payload: object = {}) => ({
  operation,
  method,
  path: operation,
  params: {},
  query: {},
  payload
})

describe("SystemOperations", () => {
  it("are no operations of a client", () => {
    const served = new Set(apis.operations.map(({ id }) => id))
    assert.deepStrictEqual(SystemOperations.all.filter(({ id }) => served.has(id)), [])
    assert.isTrue(SystemOperations.all.every(({ opensSession }) => !opensSession))
  })

  it("have requests and answers with their own fields in the catalog", () => {
    for (const { id } of SystemOperations.all) {
      assert.isTrue(decodes("api:request", asked(id, "CALL")), id)
      assert.isFalse(decodes("api:request", asked(id, "POST")), id)
    }
    const answer = { status: 200, content_type: "application/json", stream: false, bytes: 1, duration_ms: 1 }
    const payload = { events: 3, bytes: 288 }
    assert.isTrue(decodes("api:response", { ...answer, operation: "system.retention", payload }))
    assert.isFalse(decodes("api:response", { ...answer, operation: "system.retention", status: 404, payload }))
  })
})
