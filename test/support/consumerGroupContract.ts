/** What every adapter must do with consumer groups. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Move } from "../../src/events/log/ConsumerGroups.ts"
import { ConsumerGroups } from "../../src/events/log/ConsumerGroups.ts"
import type { Principal } from "../../src/events/types/Principal.ts"
import type { Adapter } from "./storeContract.ts"

const alice: Principal = { id: "alice", attributes: { teams: ["red"] } }
const bob: Principal = { id: "bob", attributes: {} }

const claim = (member: string, now: number) => ({
  tenant: "",
  group: "billing",
  member,
  now,
  duration: 1000,
  owner: null
})

/** What is not given: by hand, nobody's, not back. */
const moveTo = (group: string, position: number, given: Partial<Move> = {}) =>
  ConsumerGroups.use((groups) =>
    groups.moveTo({ tenant: "", group, position, member: null, owner: null, reset: false, ...given })
  )

const moved = (...given: Parameters<typeof moveTo>) => Effect.map(moveTo(...given), ({ moved }) => moved)

const moves: ReadonlyArray<{
  readonly name: string
  /** Default: `alice` has stored 5. */
  readonly before?: Partial<Move>
  readonly move: Partial<Move>
  /** The position afterwards. */
  readonly stands: number
}> = [
  { name: "forward, by its owner", move: { position: 7, owner: alice }, stands: 7 },
  { name: "nowhere", move: { position: 5, owner: alice }, stands: 5 },
  {
    name: "forward, by its owner with other attributes",
    move: { position: 7, owner: { ...alice, attributes: {} } },
    stands: 7
  },
  { name: "not back", move: { position: 4, owner: alice }, stands: 5 },
  { name: "back, where it is reset", move: { position: 0, owner: alice, reset: true }, stands: 0 },
  { name: "not by somebody else", move: { position: 7, owner: bob }, stands: 5 },
  { name: "not by somebody else who resets it", move: { position: 7, owner: bob, reset: true }, stands: 5 },
  { name: "not by nobody", move: { position: 7, owner: null }, stands: 5 },
  { name: "not by one whose name begins alike", move: { position: 7, owner: { ...alice, id: "alic" } }, stands: 5 },
  { name: "not by a member without a claim", move: { position: 7, owner: alice, member: "one" }, stands: 5 },
  { name: "that is nobody's: forward, by nobody", before: { owner: null }, move: { position: 7 }, stands: 7 },
  { name: "that is nobody's: not by somebody", before: { owner: null }, move: { position: 7, owner: bob }, stands: 5 }
]

export const consumerGroupContract = ({ database, durable, name }: Adapter) => {
  describe(`${name} keeps consumer groups`, () => {
    it.effect("that begin at 0, move, are listed and removed", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          const free = { member: null, claimedUntil: null, owner: null }
          assert.strictEqual(yield* groups.get({ tenant: "", group: "billing" }), undefined)
          assert.strictEqual(yield* moved("billing", 2), true)
          assert.strictEqual(yield* moved("audit", 0), true)
          assert.deepStrictEqual(yield* groups.get({ tenant: "", group: "billing" }), {
            tenant: "",
            name: "billing",
            position: 2,
            ...free
          })
          assert.strictEqual(yield* moved("billing", 3), true)
          assert.deepStrictEqual((yield* groups.list("")).map(({ name, position }) => [name, position]), [
            ["audit", 0],
            ["billing", 3]
          ])
          assert.strictEqual(yield* groups.remove({ tenant: "", group: "audit" }, null), true)
          assert.strictEqual(yield* groups.remove({ tenant: "", group: "audit" }, null), false)
          assert.deepStrictEqual((yield* groups.list("")).map(({ name }) => name), ["billing"])
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
          yield* groups.release({ tenant: "", group: "billing" }, "one")
          assert.deepStrictEqual(yield* holder("one", 2000), ["two", 2500])
          yield* groups.release({ tenant: "", group: "billing" }, "two")
          assert.deepStrictEqual(yield* holder("one", 2000), ["one", 3000])
        }).pipe(Effect.provide(open()))
      }))

    it.effect("whose position only the member that holds the claim can move", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          yield* groups.claim(claim("one", 0))
          assert.strictEqual(yield* moved("billing", 7, { member: "one" }), true)
          assert.strictEqual(yield* moved("billing", 8, { member: "two" }), false)
          assert.strictEqual(yield* moved("billing", 8), false)
          assert.strictEqual(yield* moved("nobody", 8, { member: "one" }), false)
          assert.strictEqual((yield* groups.claim(claim("one", 1))).position, 7)
          assert.strictEqual((yield* groups.claim(claim("two", 5000))).position, 7)
          assert.strictEqual(yield* moved("billing", 9, { member: "one" }), false)
        }).pipe(Effect.provide(open()))
      }))

    it.effect("that are whose they were when they began, and are removed by these", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          yield* moveTo("billing", 5, { owner: alice })
          yield* groups.claim({ ...claim("one", 0), group: "audit", owner: bob })
          yield* groups.claim({ ...claim("two", 5000), group: "audit", owner: alice })
          assert.deepStrictEqual((yield* groups.list("")).map(({ name, owner }) => [name, owner]), [
            ["audit", bob],
            ["billing", alice]
          ])
          assert.strictEqual(yield* groups.remove({ tenant: "", group: "billing" }, bob), false)
          assert.strictEqual(yield* groups.remove({ tenant: "", group: "billing" }, null), false)
          assert.strictEqual(yield* groups.remove({ tenant: "", group: "billing" }, alice), true)
          yield* moveTo("billing", 1, { owner: bob })
          assert.deepStrictEqual((yield* groups.get({ tenant: "", group: "billing" }))?.owner, bob)
        }).pipe(Effect.provide(open()))
      }))

    it.effect.each(moves)("that move $name", ({ before = { owner: alice }, move, stands }) =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          yield* moveTo("billing", 5, before)
          const result = yield* moveTo("billing", move.position!, move)
          const stored = yield* groups.get({ tenant: "", group: "billing" })
          assert.strictEqual(stored?.position, stands)
          assert.deepStrictEqual(result, { moved: stands === move.position, group: stored })
        }).pipe(Effect.provide(open()))
      }))

    it.effect("of each tenant by itself: two of one name do not meet", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const groups = yield* ConsumerGroups
          const [own, other] = [{ tenant: "", group: "billing" }, { tenant: "acme", group: "billing" }]
          yield* moveTo("billing", 5)
          yield* moveTo("billing", 7, { tenant: "acme", owner: alice })
          yield* moveTo("audit", 1, { tenant: "acme" })
          assert.deepInclude(yield* groups.get(own), { tenant: "", position: 5, owner: null })
          assert.deepInclude(yield* groups.get(other), { tenant: "acme", position: 7, owner: alice })
          assert.strictEqual((yield* groups.claim({ ...claim("one", 0), tenant: "acme" })).position, 7)
          assert.strictEqual((yield* groups.claim(claim("two", 1))).member, "two")
          yield* groups.release(other, "two")
          yield* groups.release(own, "one")
          assert.deepStrictEqual(
            [(yield* groups.get(own))?.member, (yield* groups.get(other))?.member],
            ["two", "one"]
          )
          assert.isTrue(yield* moved("billing", 6, { member: "two" }))
          assert.isFalse(yield* moved("billing", 9, { member: "two", tenant: "acme", owner: alice }))
          assert.isTrue(yield* groups.remove(own, null))
          assert.deepStrictEqual(yield* groups.list(""), [])
          assert.deepStrictEqual((yield* groups.list("acme")).map(({ name, position }) => [name, position]), [
            ["audit", 1],
            ["billing", 7]
          ])
        }).pipe(Effect.provide(open()))
      }))

    it.effect("of which one of several that begin it at once has it", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const owners = [alice, bob, null]
          const results = yield* Effect.forEach(owners, (owner) => moved("billing", 1, { owner }), {
            concurrency: "unbounded"
          })
          assert.strictEqual(results.filter((each) => each).length, 1)
          const group = yield* (yield* ConsumerGroups).get({ tenant: "", group: "billing" })
          assert.deepStrictEqual(group?.owner, owners[results.indexOf(true)])
        }).pipe(Effect.provide(open()))
      }))

    if (!durable) return

    it.effect("that are there when it is opened again", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* moveTo("billing", 42, { owner: alice }).pipe(Effect.provide(open()))
        yield* Effect.gen(function*() {
          const group = yield* (yield* ConsumerGroups).get({ tenant: "", group: "billing" })
          assert.deepInclude(group, { position: 42, owner: alice })
        }).pipe(Effect.provide(open()))
      }))
  })
}
