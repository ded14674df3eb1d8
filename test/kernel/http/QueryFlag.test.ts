/** Flags of query strings. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { flag } from "../../../src/kernel/http/QueryFlag.ts"

const Query = Schema.Struct({ follow: flag({ description: "true: stay." }) })

describe("a flag of a query", () => {
  it("is a boolean, false where it is left out", () => {
    const decode = Schema.decodeUnknownSync(Query)
    assert.deepStrictEqual(
      [{ follow: "true" }, { follow: "false" }, {}].map((query) => decode(query).follow),
      [true, false, false]
    )
    assert.throws(() => decode({ follow: "yes" }), /"true"/)
    assert.deepStrictEqual(Schema.encodeSync(Query)({ follow: true }), { follow: "true" })
  })
})
