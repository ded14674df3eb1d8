/** A definition that could not read what older versions stored is refused as soon as its file is loaded. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Event from "../../../src/events/types/Event.ts"

const same: Event.Upcaster = (payload) => payload
const define = (version?: number, upcasters?: Event.Upcasters) =>
  Event.define("test:happened", {
    durability: "state",
    description: "It happened.",
    payload: Schema.Json,
    ...(version === undefined ? {} : { version }),
    ...(upcasters === undefined ? {} : { upcasters })
  })

describe("Event.define", () => {
  it("begins with version 1 and nothing to lift", () => {
    assert.deepInclude(define(), { version: 1, upcasters: {}, level: "default", volatile: [] })
  })

  it("takes one upcaster for every older version", () => {
    assert.strictEqual(define(3, { 1: same, 2: same }).version, 3)
  })

  const refused: ReadonlyArray<readonly [name: string, version: number, upcasters: Event.Upcasters, says: RegExp]> = [
    ["none at all", 2, {}, /^test:happened, version 2, needs one .* It has none from version 1 to 2$/],
    ["a gap", 4, { 1: same, 3: same }, /none from version 2 to 3$/],
    ["one of the current version", 2, { 1: same, 2: same }, /one from version 2, which is not below/],
    ["one of version 0", 1, { 0: same }, /one from version 0, which is not below/],
    ["a version that is no whole number", 1.5, {}, /whole number from 1, not 1.5/],
    ["version 0", 0, {}, /whole number from 1, not 0/]
  ]
  it.each(refused)("refuses %s", (_, version, upcasters, says) => {
    assert.throws(() => define(version, upcasters), says)
  })

  it("holds each level of a family to the same", () => {
    const member = { description: "It happened.", payload: Schema.Json }
    assert.throws(
      () => Event.family("test:happened", { base: member, debug: member, raw: { ...member, version: 2 } }),
      /^test:happened:raw, version 2/
    )
  })
})
