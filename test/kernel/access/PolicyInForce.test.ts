/** The log says which rules are in force, and a replay reads them from there. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import { Authentication } from "../../../src/kernel/access/AuthenticationConfiguration.ts"
import * as PolicyInForce from "../../../src/kernel/access/PolicyInForce.ts"
import { Keys } from "../../support/Keys.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const settings = (auth: typeof Authentication.Encoded) => ({ auth: Schema.decodeSync(Authentication)(auth) })

const providers = [Keys.provider({ alice: {} })]
const rules = settings({ providers, access_policy: [{ permit: { actions: "read" }, when: ["user is owner"] }] })

describe("PolicyInForce", () => {
  it("is open without authentication, the owners' with it, and the rules where there are any", () => {
    assert.strictEqual(PolicyInForce.of({}), AccessPolicy.open)
    assert.strictEqual(PolicyInForce.of(settings({ providers })), AccessPolicy.owners)
    assert.strictEqual(PolicyInForce.of(rules).name, "configured")
    const anonymous = settings({ access_policy: [{ permit: { actions: "read" } }] })
    assert.strictEqual(PolicyInForce.of(anonymous).rules.length, 1)
    assert.strictEqual(PolicyInForce.of(settings({ route_policy: [{ permit: { paths: "*" } }] })), AccessPolicy.open)
  })

  it.effect("is told when it changes, and never a key", () =>
    Effect.gen(function*() {
      const told = () => MemoryHub.told({ types: ["policy:configured"] })
      yield* PolicyInForce.record({})
      assert.deepStrictEqual(yield* told(), [])
      yield* PolicyInForce.record(rules)
      yield* PolicyInForce.record(rules)
      const [first, ...more] = yield* told()
      assert.deepStrictEqual(more, [])
      assert.deepStrictEqual<unknown>(first?.[1], {
        authentication: ["api_keys"],
        access_policy: [{ permit: { actions: "read" }, when: ["user is owner"] }],
        route_policy: [],
        quota: null
      })
      yield* PolicyInForce.record({
        quota: { period: "day", authenticated_max_requests: 1, anonymous_max_requests: 1 }
      })
      assert.strictEqual((yield* told()).length, 2)
      assert.notInclude(JSON.stringify(yield* told()), Keys.sha256(Keys.keyOf("alice")))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("is read back as of a position", () =>
    Effect.gen(function*() {
      yield* PolicyInForce.record(settings({ providers }))
      yield* PolicyInForce.record(rules)
      yield* PolicyInForce.record({})
      const changes = yield* PolicyInForce.changes(yield* EventHub)
      const names = [0, 1, 2, 3, 99].map((position) => PolicyInForce.at(changes, position).name)
      assert.deepStrictEqual(names, ["open", "owners", "configured", "open", "open"])
      assert.deepStrictEqual(PolicyInForce.at(changes, 2).rules, PolicyInForce.of(rules).rules)
    }).pipe(Effect.provide(MemoryHub.layer)))
})
