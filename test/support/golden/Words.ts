/** Texts of a run: short and long, of all kinds of characters, now and then with what must be masked. */
import type { SeededRandom } from "../../../bench/crash/SeededRandom.ts"

const pieces = [
  "Hello.",
  "Buy four anchors, and an 8 mm drill bit. ",
  "漢字かな交じり文。",
  "é à ü ß ",
  "😀😁 ",
  "a \"quoted\" word, a \\ and a / ",
  "line\nline\r\nline\u2028",
  "data: not a frame\n\n",
  "{\"model\":\"plain/m\"}",
  "$& $1 $` ",
  "1e999 0.1 -0 ",
  "so long that what is stored is compressed, ".repeat(12),
  "the same words, and the same again, ".repeat(40)
]

/** One in so many texts has a secret. */
const rarity = 12

export const text = (random: SeededRandom, secrets: ReadonlyArray<string>, most: number): string => {
  const parts = Array.from({ length: random.between(0, most) }, () => random.pick(pieces))
  if (random.between(1, rarity) === 1) parts.splice(random.between(0, parts.length), 0, ` ${random.pick(secrets)} `)
  return parts.join("")
}

/** At least one, few of them long. */
export const some = (random: SeededRandom, secrets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const most = random.pick([2, 2, 3, 6, 20])
  return Array.from({ length: random.between(1, 5) }, () => text(random, secrets, most))
}
