/** A text as what differs from one before it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { apply, between } from "../../../src/events/facts/BodyDifference.ts"
import { Text, textOf } from "../../support/Facts.ts"

const isWhole = (text: string) => text.isWellFormed()

const filler = "so much that a reference is worth it, ".repeat(5)

const roundTrip = (earlier: string, text: string) => {
  const difference = between(earlier, text)
  if (difference !== undefined) assert.strictEqual(apply(earlier, difference), text)
  return difference
}

describe("a difference", () => {
  it.effect.prop(
    "gives the text again, whatever the two are",
    { one: Text, other: Text, shared: Text },
    (given) =>
      Effect.sync(() => {
        const [one, other, shared] = [textOf(given.one), textOf(given.other), textOf(given.shared)]
        for (const [earlier, text] of [[one, other], [shared + one, shared + other], [one + shared, other + shared]]) {
          roundTrip(earlier!, text!)
          const difference = roundTrip(`${filler}${earlier}${filler}`, `${filler}${text}${filler}`)
          assert.isDefined(difference)
        }
      }),
    { arbitrary: { runs: 300 } }
  )

  it.each([
    ["😀", "😁"],
    ["😀😀", "😀"],
    ["\u{10000}", "\u{1f400}"],
    ["a😀b", "a😁b"]
  ])("never cuts a character in two: %s and %s", (one, other) => {
    const difference = roundTrip(`${filler}${one}${filler}`, `${filler}${other}${filler}`)
    assert.strictEqual(difference?.kind, "spliced")
    if (difference?.kind === "spliced") assert.isTrue(isWhole(difference.middle))
  })

  it("is a name in another's place, at all its places, whatever signs it has", () => {
    for (const name of ["other", "$&", "$1", "$$", "$`", "\\", "", "漢字"]) {
      const text = (model: string) => `{"a":"${filler}","model":"${model}","rest":"${filler}","again":["${model}"]}`
      assert.deepStrictEqual(roundTrip(text("the-model"), text(name)), {
        kind: "replaced",
        find: "\"the-model\"",
        replacement: `"${name}"`
      })
    }
  })

  it("is none where little is gained", () => {
    assert.isUndefined(between("short", "shorter"))
    assert.isUndefined(between("", "x".repeat(1000)))
  })

  it("of equal texts says so", () => {
    assert.deepStrictEqual(between("", ""), { kind: "same" })
    assert.deepStrictEqual(between(filler, filler), { kind: "same" })
  })
})
