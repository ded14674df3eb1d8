/** Ranges of a text, covered. */
import { assert, describe, it } from "@effect/vitest"
import { cover, isMask, labelled, mask } from "../../../src/events/redaction/Mask.ts"

const range = (start: number, end: number, shown = mask) => ({ start, end, mask: shown })

describe("Mask", () => {
  it.each([
    { name: "none", ranges: [], shown: "0123456789" },
    { name: "one", ranges: [range(2, 4)], shown: `01${mask}456789` },
    { name: "two, in any order", ranges: [range(6, 8), range(0, 2, "x")], shown: `x2345${mask}89` },
    { name: "side by side", ranges: [range(0, 2), range(2, 10)], shown: mask + mask },
    { name: "one within another", ranges: [range(3, 4, "x"), range(2, 8, "y")], shown: "01y89" },
    { name: "overlapping", ranges: [range(2, 5, "x"), range(4, 8, "y"), range(7, 9, "z")], shown: "01x9" }
  ])("covers ranges: $name", ({ ranges, shown }) => {
    assert.strictEqual(cover("0123456789", ranges), shown)
  })

  it("knows a mask by its beginning, with and without a label", () => {
    assert.deepStrictEqual([labelled(undefined), labelled("pii")], [mask, "[REDACTED:pii]"])
    assert.deepStrictEqual([mask, labelled("pii"), "REDACTED"].map(isMask), [true, true, false])
  })
})
