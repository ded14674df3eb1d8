/** The recordings are readable, typed and grouped as their README says. */
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { canonical, differences } from "../support/Canonical.ts"
import { Recordings, Vendor } from "../support/Recordings.ts"

describe("canonical", () => {
  it("has one text for key orders and for writings of a number", () => {
    assert.strictEqual(canonical(JSON.parse(`{"b":[1.0,-0.0,1e2],"a":null}`)), `{"a":null,"b":[1,0,100]}`)
    assert.notStrictEqual(canonical(["1"]), canonical([1]))
    assert.notStrictEqual(canonical({ a: null }), canonical({}))
  })

  it("names the places that differ", () => {
    assert.deepStrictEqual(differences({ a: [1, { b: 2 }], c: 0 }, { c: 0, a: [1, { b: 3 }], d: null }), [
      { path: "$.a[1].b", expected: "2", found: "3" },
      { path: "$.d", expected: undefined, found: "null" }
    ])
    assert.deepStrictEqual(differences([], {}), [{ path: "$", expected: "[]", found: "{}" }])
  })
})

describe.skipIf(!Recordings.available)(`Recordings ${Recordings.reason}`, () => {
  it.live.each(Vendor.literals)("reads every line of %s", (vendor) =>
    Effect.gen(function*() {
      const exchanges = Recordings.load({ vendors: [vendor] })
      const counts = Map.groupBy(exchanges, ({ answer, endpoint }) => `${endpoint} ${answer._tag}`)
      yield* Console.log(vendor, Object.fromEntries([...counts].map(([kind, members]) => [kind, members.length])))
      assert.isAbove(exchanges.length, 0)
      for (const exchange of exchanges) {
        assert.strictEqual(exchange.vendor, vendor)
        assert.strictEqual(exchange.streaming, exchange.answer._tag === "Stream")
      }
    }))

  it("gives recorded errors in the envelope of the wire", () => {
    const errors = Recordings.load().flatMap(({ answer }) => answer._tag === "Error" ? [answer] : [])
    assert.isAbove(errors.length, 0)
    for (const { body, status } of errors) {
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(Object.keys(body as object), ["error"])
      assert.isString((body as { error: { message: unknown } }).error.message)
    }
  })

  it.live("groups by session and loses nothing", () =>
    Effect.gen(function*() {
      const exchanges = Recordings.load()
      const sessions = Recordings.loadSessions()
      const named = sessions.flatMap(({ session }) => session === null ? [] : [session])
      yield* Console.log({
        exchanges: exchanges.length,
        sessions: named.length,
        without: sessions.length - named.length
      })
      assert.strictEqual(new Set(named).size, named.length)
      assert.strictEqual(sessions.flatMap(({ exchanges }) => exchanges).length, exchanges.length)
      for (const { exchanges: members, session } of sessions) {
        if (session === null) assert.strictEqual(members.length, 1)
        else assert.deepStrictEqual(members, exchanges.filter((exchange) => exchange.session === session))
      }
    }))
})
