/** A difference is shown so that a person sees it: whole, or the place where it begins. */
import { assert, describe, it } from "@effect/vitest"
import * as ReadableDifference from "../../../src/kernel/replay/ReadableDifference.ts"

const long = (text: string, length = 2000) => text.padStart(length / 2, "a").padEnd(length, "b")

describe("ReadableDifference", () => {
  const short: ReadonlyArray<readonly [expected: unknown, found: unknown, shown: readonly [string, string]]> = [
    ["whale", "shark", [`"whale"`, `"shark"`]],
    [1, "1", ["1", `"1"`]],
    [undefined, null, ["(nothing)", "null"]],
    [{ a: [1] }, undefined, [`{"a":[1]}`, "(nothing)"]],
    ["a\n\"b\"", "", [String.raw`"a\n\"b\""`, `""`]]
  ]
  it.each(short)("shows %j and %j whole", (expected, found, shown) => {
    const { from, ...texts } = ReadableDifference.of({ expected, found })
    assert.deepStrictEqual([texts.expected, texts.found, from], [...shown, null])
  })

  it("shows of long texts the place where they begin to differ, with what is before and behind it", () => {
    const { expected, found, from } = ReadableDifference.of({ expected: long("whale"), found: long("shark") })
    assert.strictEqual(from, 995)
    assert.match(expected, /^…"a{60}whaleb{335}"…$/)
    assert.match(found, /^…"a{60}sharkb{335}"…$/)
  })

  it("shows where one of them ends", () => {
    const { expected, found, from } = ReadableDifference.of({ expected: long("x", 1000), found: "a".repeat(10) })
    assert.deepStrictEqual([found, from], [`"aaaaaaaaaa"`, 10])
    assert.match(expected, /^"a{400}"…$/)
  })

  it("shows long values as JSON", () => {
    const { expected, from } = ReadableDifference.of({
      expected: { text: long("whale") },
      found: { text: long("shark") }
    })
    assert.strictEqual(from, 995 + `{"text":"`.length)
    assert.include(expected, "whale")
  })

  it("does not tear a character apart", () => {
    const { expected } = ReadableDifference.of({ expected: "🦔".repeat(1000), found: "" })
    assert.isTrue(expected.isWellFormed())
  })
})
