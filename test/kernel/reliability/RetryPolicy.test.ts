/** How long it is waited before a call is made again. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { RetryPolicy } from "../../../src/kernel/reliability/RetryPolicy.ts"
import { delayOf, field } from "../../../src/kernel/reliability/RetryPolicy.ts"

const decode = (retry?: unknown) =>
  Schema.decodeUnknownEffect(Schema.Struct({ retry: field }))(retry === undefined ? {} : { retry })

const policy: RetryPolicy = {
  max_retries: 3,
  initial_delay_ms: 1000,
  max_delay_ms: 10_000,
  multiplier: 2,
  jitter: 0.5,
  deadline_ms: 60_000
}

describe("the configuration of retries", () => {
  it.effect("makes nothing again where it says nothing", () =>
    Effect.map(decode(), ({ retry }) => assert.strictEqual(retry.max_retries, 0)))

  it.effect("takes numbers as the environment writes them", () =>
    Effect.map(decode({ max_retries: "3", multiplier: "1.5" }), ({ retry }) => {
      assert.deepInclude(retry, { max_retries: 3, multiplier: 1.5 })
    }))

  it.effect.each([{ max_retries: -1 }, { multiplier: 0.5 }, { jitter: 2 }, { jitter: "half" }, { deadline_ms: 0 }])(
    "refuses %j",
    (retry) => Effect.map(Effect.flip(decode(retry)), (error) => assert.include(error.message, "from"))
  )
})

describe("a wait", () => {
  it("doubles up to the longest, where chance takes nothing", () => {
    const waits = [0, 1, 2, 5].map((retries) => delayOf(policy, { retries, retryAfter: undefined, random: 0 }))
    assert.deepStrictEqual(waits, [1000, 2000, 4000, 10_000])
  })

  it("is shorter by the part that chance decides", () =>
    assert.strictEqual(delayOf(policy, { retries: 1, retryAfter: undefined, random: 1 }), 1000))

  it("is never shorter than the vendor asks, and no longer than it need be", () => {
    const numbers = [0, 0.1, 0.5, 0.9, 1]
    for (const retries of [0, 1, 5, 20]) {
      for (const retryAfter of [1, 999, 1000, 10_001, 60_000.5]) {
        for (const random of numbers) {
          const delay = delayOf(policy, { retries, retryAfter, random })
          assert.isAtLeast(delay, Math.floor(retryAfter))
          assert.isAtMost(delay, Math.ceil(Math.max(retryAfter, policy.max_delay_ms) + policy.initial_delay_ms))
        }
      }
    }
  })
})
