/** What was done instead, in a header that any client can read. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as DegradationHeader from "../../../src/kernel/dialects/DegradationHeader.ts"

const reason = "the vendor takes no more"

describe("DegradationHeader", () => {
  it("says what was asked for and what was done, one behind the other", () => {
    assert.deepStrictEqual(
      DegradationHeader.of([
        { requested: "temperature 1.8", actual: "temperature 1", reason },
        { requested: "top_k 40", actual: "no top_k", reason }
      ]),
      { "x-strata-degradation": "temperature 1.8 -> temperature 1; top_k 40 -> no top_k" }
    )
    assert.deepStrictEqual(DegradationHeader.of([]), {})
  })

  it.prop("is short, and ASCII of one line, whatever was asked for", {
    texts: Schema.NonEmptyArray(Schema.String)
  }, ({ texts }) => {
    const header = DegradationHeader.of(
      texts.map((requested) => ({ requested, actual: "less\r\nSet-Cookie: a=b", reason }))
    )
    assert.match(header[DegradationHeader.name]!, /^[\x20-\x7e]{1,500}$/)
  })
})
