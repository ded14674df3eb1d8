/** How much may run, of a provider and of each of its keys. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Capacity from "../../../src/kernel/reliability/Capacity.ts"
import { world } from "../../support/FailingVendor.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const limits = { queue: 10, max_wait_ms: 1000, concurrency: 1, requests_per_minute: 2 }

describe("the capacity of keys", () => {
  it("is that of each: the next in turn that has room is taken", () => {
    const capacity = Capacity.ofKeys(limits, () => ["a", "b"])
    const a = capacity.take(0, 0)
    const b = capacity.take(0, 0)
    assert.deepStrictEqual([a.key, b.key], ["a", "b"])
    assert.deepStrictEqual(capacity.obstacle(0, 0), { reason: "concurrency", milliseconds: 0 })
    b.release(undefined, 0)
    assert.isUndefined(capacity.obstacle(0, 0))
    assert.strictEqual(capacity.take(0, 0).key, "b")
    a.release(undefined, 0)
    assert.strictEqual(capacity.take(0, 0).key, "a")
    assert.deepStrictEqual(capacity.used(0), { active: 2, requests: 4, tokens: 0 })
    assert.deepStrictEqual(capacity.obstacle(0, 0), { reason: "requests", milliseconds: 60_000 })
  })

  it("leaves out keys that are not usable now, and says nothing where none is", () => {
    let usable = ["a"]
    const capacity = Capacity.ofKeys(limits, () => usable)
    assert.strictEqual(capacity.take(0, 0).key, "a")
    assert.isDefined(capacity.obstacle(0, 0))
    usable = []
    assert.isUndefined(capacity.obstacle(0, 0))
    assert.isUndefined(capacity.take(0, 0).key)
  })
})

describe("limits per key", () => {
  it.live("let as many calls go at once as there are keys, each with one of its own", () =>
    Effect.gen(function*() {
      const keyOf = ({ headers }: ReceivedRequest) => headers["authorization"]
      let isHeld = true
      const { ask, payloads, strata, upstream, verified } = yield* world({
        config: {
          api_keys: ["sk-first-0123456789abcdef", "sk-second-0123456789abcdef"],
          limits: { concurrency: 1, per: "key" }
        },
        answer: (n) =>
          n <= 2 && isHeld
            ? ScriptedAnswer.events([{ choices: [{ index: 0, delta: { content: "It" } }] }], { delay: 400 })
            : undefined
      })
      const asking = yield* Effect.forkChild(
        Effect.all([0, 1].map((n) => ask({ stream: true, session: `s${n}` })), { concurrency: 2 })
      )
      yield* upstream.awaitReceived(2)
      isHeld = false
      const third = yield* Effect.forkChild(ask())
      yield* strata.awaitEvents({ types: ["provider:throttle"] })
      assert.strictEqual(upstream.received.length, 2)
      assert.strictEqual(new Set(upstream.received.map(keyOf)).size, 2)
      yield* Fiber.join(asking)
      assert.strictEqual((yield* Fiber.join(third)).status, 200)
      assert.deepInclude((yield* payloads("provider:throttle"))[0], { reason: "concurrency", active: 2 })
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))
})
