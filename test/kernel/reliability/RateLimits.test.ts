/** What vendors say of their limits, in the forms they say it. */
import { assert, describe, it } from "@effect/vitest"
import * as RateLimits from "../../../src/kernel/reliability/RateLimits.ts"

const now = Date.parse("2026-11-27T10:00:00Z")

describe("the rate limits of a vendor", () => {
  it("are read as OpenAI has them", () =>
    assert.deepStrictEqual(
      RateLimits.of({
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-tokens": "6m0s"
      }, now),
      {
        requests: { limit: 60, remaining: 59, reset_ms: 1000 },
        tokens: { limit: 150_000, remaining: 149_984, reset_ms: 360_000 }
      }
    ))

  it("are read as Anthropic has them", () =>
    assert.deepStrictEqual(
      RateLimits.of({
        "anthropic-ratelimit-input-tokens-limit": "2000000",
        "anthropic-ratelimit-input-tokens-remaining": "1999000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-27T10:00:30Z"
      }, now),
      { "input-tokens": { limit: 2_000_000, remaining: 1_999_000, reset_ms: 30_000 } }
    ))

  it.each([
    { reset: "20ms", milliseconds: 20 },
    { reset: "1m30.5s", milliseconds: 90_500 },
    { reset: "12", milliseconds: 12_000 },
    { reset: String(now / 1000 + 5), milliseconds: 5000 },
    { reset: "soon", milliseconds: null }
  ])(
    "are there again in $milliseconds ms by $reset",
    ({ milliseconds, reset }) =>
      assert.deepStrictEqual(RateLimits.of({ "x-ratelimit-reset": reset }, now), {
        requests: { limit: null, remaining: null, reset_ms: milliseconds }
      })
  )

  it("are none where the headers say nothing of it", () =>
    assert.isUndefined(RateLimits.of({ "content-type": "application/json" }, now)))
})
