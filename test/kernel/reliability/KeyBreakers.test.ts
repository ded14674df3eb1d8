/** A key that fails again and again rests by itself: the others go on, and it is tried again. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { refusal, world } from "../../support/FailingVendor.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"

const first = "sk-first-0123456789abcdef"
const second = "sk-second-0123456789abcdef"

const keyOf = ({ headers }: ReceivedRequest) => String(headers["authorization"]).replace("Bearer ", "")

const config = (breaker: object) => ({
  api_keys: [first, { name: "team", key: second }],
  breaker: { per: "key", ...breaker }
})

describe("a breaker per key", () => {
  it.live("rests the key that fails, and asks with the others", () =>
    Effect.gen(function*() {
      const { ask, payloads, strata, upstream, verified } = yield* world({
        config: config({ failures: 2, open_ms: 60_000 }),
        answer: (_, request) => keyOf(request) === first ? refusal(503) : undefined
      })
      const statuses: Array<number> = []
      for (let n = 0; n < 7; n++) statuses.push((yield* ask()).status)
      assert.deepStrictEqual(statuses, [503, 200, 503, 200, 200, 200, 200])
      assert.deepStrictEqual(upstream.received.map(keyOf).filter((key) => key === first).length, 2)
      yield* strata.awaitEvents({ types: ["provider:breaker_opened"] })
      assert.deepInclude((yield* payloads("provider:breaker_opened"))[0], { key: "#1", failures: 2 })
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live("tries it again when it has rested, and says that it is back", () =>
    Effect.gen(function*() {
      let fails = true
      const { ask, payloads, strata } = yield* world({
        config: config({ failures: 1, open_ms: 50 }),
        answer: (_, request) => keyOf(request) === first && fails ? refusal(503) : undefined
      })
      assert.strictEqual((yield* ask()).status, 503)
      fails = false
      yield* Effect.sleep("60 millis")
      for (let n = 0; n < 3; n++) assert.strictEqual((yield* ask()).status, 200)
      yield* strata.awaitEvents({ types: ["provider:breaker_closed"] })
      assert.deepStrictEqual(yield* payloads("provider:breaker_closed"), [{ provider: "upstream", key: "#1" }])
    }).pipe(Effect.scoped))
})
