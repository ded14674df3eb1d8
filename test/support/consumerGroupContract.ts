/** What every adapter must do with consumer groups. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ConsumerGroups } from "../../src/events/log/ConsumerGroups.ts"
import type { Adapter } from "./storeContract.ts"

const claim = (member: string, now: number) => ({ group: "billing", member, now, duration: 1000 })

export const consumerGroupContract = ({ database, durable, name }: Adapter) => {
  describe(`${name} keeps consumer groups`, () => {
    it.effect("that begin at 0, move, are listed and removed", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          const free = { member: null, claimedUntil: null }
          assert.strictEqual(yield* groups.get("billing"), undefined)
          assert.strictEqual(yield* groups.moveTo("billing", 5, null), true)
          assert.strictEqual(yield* groups.moveTo("audit", 0, null), true)
          assert.deepStrictEqual(yield* groups.get("billing"), { name: "billing", position: 5, ...free })
          assert.strictEqual(yield* groups.moveTo("billing", 3, null), true)
          assert.deepStrictEqual((yield* groups.list).map(({ name, position }) => [name, position]), [
            ["audit", 0],
            ["billing", 3]
          ])
          assert.strictEqual(yield* groups.remove("audit"), true)
          assert.strictEqual(yield* groups.remove("audit"), false)
          assert.deepStrictEqual((yield* groups.list).map(({ name }) => name), ["billing"])
        }).pipe(Effect.provide(open()))
      }))

    it.effect("with one member at a time: a claim holds until it ends, is renewed or given up", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          const holder = (member: string, now: number) =>
            Effect.map(groups.claim(claim(member, now)), ({ claimedUntil, member }) => [member, claimedUntil])
          assert.deepStrictEqual(yield* holder("one", 0), ["one", 1000])
          assert.deepStrictEqual(yield* holder("two", 999), ["one", 1000])
          assert.deepStrictEqual(yield* holder("one", 500), ["one", 1500])
          assert.deepStrictEqual(yield* holder("two", 1499), ["one", 1500])
          assert.deepStrictEqual(yield* holder("two", 1500), ["two", 2500])
          yield* groups.release("billing", "one")
          assert.deepStrictEqual(yield* holder("one", 2000), ["two", 2500])
          yield* groups.release("billing", "two")
          assert.deepStrictEqual(yield* holder("one", 2000), ["one", 3000])
        }).pipe(Effect.provide(open()))
      }))

    it.effect("whose position only the member that holds the claim can move", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          yield* groups.claim(claim("one", 0))
          assert.strictEqual(yield* groups.moveTo("billing", 7, "one"), true)
          assert.strictEqual(yield* groups.moveTo("billing", 8, "two"), false)
          assert.strictEqual(yield* groups.moveTo("billing", 8, null), false)
          assert.strictEqual(yield* groups.moveTo("nobody", 8, "one"), false)
          assert.strictEqual((yield* groups.claim(claim("one", 1))).position, 7)
          assert.strictEqual((yield* groups.claim(claim("two", 5000))).position, 7)
          assert.strictEqual(yield* groups.moveTo("billing", 9, "one"), false)
        }).pipe(Effect.provide(open()))
      }))

    if (!durable) return

    it.effect("that are there when it is opened again", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.flatMap(ConsumerGroups, (groups) => groups.moveTo("billing", 42, null)).pipe(
          Effect.provide(open())
        )
        yield* Effect.gen(function*() {
          assert.strictEqual((yield* (yield* ConsumerGroups).get("billing"))?.position, 42)
        }).pipe(Effect.provide(open()))
      }))
  })
}
