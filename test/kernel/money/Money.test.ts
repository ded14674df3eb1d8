/** Money is exact: what binary fractions would change stays as it is written. */
import { assert, describe, it } from "@effect/vitest"
import * as Money from "../../../src/kernel/money/Money.ts"

const money = (text: string): Money.Money => {
  const parsed = Money.parse(text)
  assert.isDefined(parsed)
  return parsed!
}

describe("Money", () => {
  it.each(["0", "1", "0.1", "0.15", "100", "0.0000000000000000000001", "123456789012345678901234567890.5"])(
    "writes %s as it was read",
    (text) => assert.strictEqual(Money.toText(money(text)), text)
  )

  it.each([["1.50", "1.5"], ["0.00", "0"], ["10.0", "10"], ["007", "7"]])(
    "writes %s without its zeros",
    (text, plain) => assert.strictEqual(Money.toText(money(text)), plain)
  )

  it.each(["", " ", "-1", "1e3", ".5", "1.", "1,5", "NaN", "Infinity", "0x1", "1".repeat(31), `0.${"1".repeat(31)}`])(
    "does not read \"%s\"",
    (text) => assert.isUndefined(Money.parse(text))
  )

  it.each([[0.1, "0.1"], [1e-7, "0.0000001"], [1.5e21, "1500000000000000000000"], [0, "0"], [0.075, "0.075"]])(
    "takes the number %s as the decimal it was written as",
    (number, text) => assert.strictEqual(Money.toText(Money.ofNumber(number)!), text)
  )

  it.each([NaN, Infinity, -1, -0.1])("takes no %s", (number) => assert.isUndefined(Money.ofNumber(number)))

  it("adds without a rest, where binary fractions have one", () => {
    assert.notStrictEqual(String(0.1 + 0.2), "0.3")
    assert.strictEqual(Money.toText(Money.add(money("0.1"), money("0.2"))), "0.3")
    assert.isTrue(Money.equals(money("0.30"), money("0.3")))
  })

  it("multiplies by a price for a million, whatever the count", () => {
    assert.strictEqual(Money.toText(Money.times(1, money("0.15"), 6)), "0.00000015")
    // 9007199254740991 × 0.15 / 1000000 = 1351079888.21114865, where a binary fraction ends in ...2111487
    assert.strictEqual(Money.toText(Money.times(Number.MAX_SAFE_INTEGER, money("0.15"), 6)), "1351079888.21114865")
    assert.strictEqual(Money.toText(Money.times(0, money("3"), 6)), "0")
  })
})
