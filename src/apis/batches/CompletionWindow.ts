/** How long a batch may take: OpenAI's `24h`, and any other time of this form. */
import { Schema as S } from "effect"

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const

const pattern = /^([1-9]\d{0,5})([smhd])$/

/** Longest, seconds: a week. */
const longest = 7 * units.d

const lengthOf = (text: string): number => {
  const [, number = "0", unit = "s"] = pattern.exec(text) ?? []
  return Number(number) * units[unit as keyof typeof units]
}

export const Schema = S.String.check(
  S.isPattern(pattern, { expected: "a number and s, m, h or d, as 24h" }),
  S.makeFilter((text: string) => lengthOf(text) <= longest || "at most 7d")
).annotate({
  description:
    "How long the batch may take: a number and s, m, h or d, at most a week. What has no answer then, gets none.",
  examples: ["24h"]
})

/** Seconds. */
export const seconds = lengthOf
