import { assert, it } from "@effect/vitest"
import { bounded, shareOf, sparseOfText, sparseOfWords, weightsOf } from "../../../src/kernel/vectors/WordWeights.ts"

it("a text that says a word more, or says less besides, has more of it", () => {
  const often = shareOf("cold, cold, cold", ["cold"])
  const once = shareOf("cold", ["cold"])
  const inLong = shareOf(`cold ${"and warm ".repeat(300)}`, ["cold"])
  assert.isTrue(1 > often && often > once && once > inLong && inLong > 0, [often, once, inLong].join())
  assert.strictEqual(shareOf("warm", ["cold"]), 0)
  assert.strictEqual(shareOf("warm", []), 0)
  assert.isTrue(shareOf("cold", ["cold", "rome"]) < once)
})

it("words are at the same place in a text and in a query, in order", () => {
  const text = sparseOfText("Oslo is cold")
  const asked = sparseOfWords(["cold", "rome"])
  assert.lengthOf(text.indices.filter((place) => asked.indices.includes(place)), 1)
  assert.deepStrictEqual(text.indices, text.indices.toSorted((a, b) => a - b))
  assert.deepStrictEqual(sparseOfText("… !"), { indices: [], values: [] })
  assert.strictEqual(weightsOf("Oslo is cold").size, 3)
})

it("scores without a bound keep their order from 0 to 1", () => {
  const all = [-1, 0, 0.5, 3, 100].map(bounded)
  assert.deepStrictEqual(all, all.toSorted((a, b) => a - b))
  assert.isTrue(all.every((each) => each >= 0 && each < 1))
})
