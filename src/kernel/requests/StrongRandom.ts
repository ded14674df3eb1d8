/** Randomness that nobody can tell in advance, whatever of it was seen: the ids that Strata makes are drawn from it. */
import type { Random } from "effect"
import { randomFillSync } from "node:crypto"

/** Drawn at once: an id needs a few. */
const words = new Uint32Array(1024)
let next = words.length

const word = (): number => {
  if (next === words.length) {
    randomFillSync(words)
    next = 0
  }
  const drawn = words[next]!
  words[next++] = 0
  return drawn
}

/** 53 bits: a whole number that a double holds exactly. */
const bits = (): number => (word() >>> 5) * 2 ** 26 + (word() >>> 6)

export const random: Random.Random = {
  nextDoubleUnsafe: () => bits() / 2 ** 53,
  nextIntUnsafe: () => word() % 2 === 0 ? bits() : -bits()
}
