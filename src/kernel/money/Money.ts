/** Amounts of money as exact decimals: what is read, added and written is never a binary fraction. */
import { BigDecimal, Option } from "effect"

export type Money = BigDecimal.BigDecimal

export const zero: Money = BigDecimal.make(0n, 0)

const plain = /^\d{1,30}(?:\.\d{1,30})?$/

/** Of decimal text, `0.15`; undefined for what is none, or is below zero. */
export const parse = (text: string): Money | undefined =>
  plain.test(text) ? Option.getOrUndefined(BigDecimal.fromString(text)) : undefined

/** Of a number of JSON, as it was written down: the shortest decimal that stands for it. Undefined below zero. */
export const ofNumber = (number: number): Money | undefined =>
  Number.isFinite(number) && number >= 0 ? Option.getOrUndefined(BigDecimal.fromString(String(number))) : undefined

/** So many times a price, which is for one followed by so many zeros: 6 for a million. */
export const times = (count: number, price: Money, zeros: number): Money =>
  BigDecimal.make(BigInt(count) * price.value, price.scale + zeros)

export const add: (one: Money, other: Money) => Money = BigDecimal.sum

/** True where the first is below the second. */
export const isLess: (one: Money, other: Money) => boolean = BigDecimal.isLessThan

export const equals: (one: Money, other: Money) => boolean = BigDecimal.equals

/** Without an exponent, and without zeros at its end. */
export const toText = (money: Money): string => {
  const { scale, value } = BigDecimal.normalize(money)
  const digits = String(value < 0n ? -value : value)
  const sign = value < 0n ? "-" : ""
  if (scale <= 0) return `${sign}${digits}${"0".repeat(value === 0n ? 0 : -scale)}`
  const padded = digits.padStart(scale + 1, "0")
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}
