import { assert, describe, it } from "@effect/vitest"
import { StopTexts } from "../../../../src/providers/inline/llama-cpp/StopTexts.ts"

const pieces: ReadonlyArray<readonly [stops: ReadonlyArray<string>, pieces: ReadonlyArray<string>, given: string]> = [
  [[], ["a", "b"], "ab"],
  [[""], ["a", "b"], "ab"],
  [[" there"], [",", " the", "re was"], ","],
  [["\n\n", "END"], ["one\n", "two\n", "\nthree"], "one\ntwo"],
  [["END"], ["one EN", "D two"], "one "],
  [["END"], ["one EN", "T two EN"], "one ENT two EN"],
  [["aab"], ["aa", "ab"], "a"],
  [["b", "ab"], ["xab"], "x"]
]

describe("StopTexts", () => {
  it.each(pieces)("with %j ends what comes as %j before the first of them", (stops, pieces, given) => {
    const texts = new StopTexts(stops)
    const before = pieces.map((piece) => texts.feed(piece)).join("")
    assert.strictEqual(before + texts.end(), given)
    assert.strictEqual(texts.isReached, given !== pieces.join(""))
  })

  it("takes however many texts a client sends", () => {
    const texts = new StopTexts([...Array.from({ length: 150_000 }, (_, at) => `${at}!`), "END"])
    assert.strictEqual(texts.feed("one END two"), "one ")
    assert.isTrue(texts.isReached)
  })

  it.each(pieces)("with %j finds in %j the same letter by letter", (stops, pieces, given) => {
    const texts = new StopTexts(stops)
    const before = [...pieces.join("")].map((letter) => texts.feed(letter)).join("")
    assert.strictEqual(before + texts.end(), given)
  })
})
