/** Which events are calls that cost: every answer of a provider that the inference API declares, and no other event. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import { CallCosts } from "../../../src/apis/usage/CallCosts.ts"

describe("CallCosts", () => {
  it("folds each default event of an answer whose payload counts what was used", () => {
    const counted = apis.catalog.definitions.filter(({ level, payload, type }) =>
      // What a turn says of its model's answer has been counted with the call.
      level === "default" && type.endsWith(":response") && type !== "provider:response" && "fields" in payload &&
      Object.hasOwn(Object(payload.fields), "usage")
    ).map(({ type }) => type)
    assert.isAbove(counted.length, 2)
    assert.sameMembers([...CallCosts.types], [...counted, "provider:registered"])
  })

  it("is one of the tables that are kept with the log", () => assert.include(apis.projections, CallCosts))
})
