/** A vendor says when it wants to be asked again: in milliseconds, seconds, or as a date. */
import { assert, describe, it } from "@effect/vitest"
import * as RetryAfter from "../../../src/kernel/reliability/RetryAfter.ts"

const now = Date.parse("2026-11-27T10:00:00Z")

describe("retry-after", () => {
  it.each([
    { headers: {}, milliseconds: undefined },
    { headers: { "retry-after": "2" }, milliseconds: 2000 },
    { headers: { "retry-after": "0.25" }, milliseconds: 250 },
    { headers: { "retry-after": "2", "retry-after-ms": "1500" }, milliseconds: 1500 },
    { headers: { "retry-after": "Fri, 27 Nov 2026 10:00:30 GMT" }, milliseconds: 30_000 },
    { headers: { "retry-after": "Fri, 27 Nov 2026 09:00:00 GMT" }, milliseconds: 0 },
    { headers: { "retry-after": "soon" }, milliseconds: undefined },
    { headers: { "retry-after": "-1" }, milliseconds: undefined }
  ])(
    "$headers is $milliseconds",
    ({ headers, milliseconds }) =>
      assert.strictEqual(RetryAfter.of(headers as Record<string, string>, now), milliseconds)
  )

  it("is for a client whole seconds that are not too few", () =>
    assert.deepStrictEqual([1, 1000, 1001].map(RetryAfter.inSeconds), ["1", "1", "2"]))
})
