/** Text without meaning, the same each time, whose words come as often as those of a language. */

const syllables =
  "ba be bi bo cor dan der el en fi fra gen har il in ka kon la lem lo mar men mi nal nor o par pel qua ra " +
  "rem ri sa sen sol ta ter ti tra u ul va ven vi xo ya zen"

/** The same numbers each time. */
const random = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ state >>> 15, 1 | state)
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}

const vocabulary = 5000

/** Its words come as often as those of a language: it compresses as English does, at any length. */
export const prose = (seed = 1): (length: number) => string => {
  const next = random(seed)
  const parts = syllables.split(" ")
  const syllable = () => parts[Math.floor(next() * parts.length)]!
  const words = Array.from({ length: vocabulary }, (_, rank) => {
    const longest = Math.min(3.5, 1 + Math.log10(rank + 1))
    return Array.from({ length: 1 + Math.floor(next() * longest) }, syllable).join("")
  })
  const sums: Array<number> = []
  for (const rank of words.keys()) sums.push((sums.at(-1) ?? 0) + 1 / (rank + 2.7))
  const word = (): string => {
    const wanted = next() * sums.at(-1)!
    let [low, high] = [0, vocabulary - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return words[low]!
  }
  return (length) => {
    let text = ""
    while (text.length < length) text += `${Array.from({ length: 6 + Math.floor(next() * 14) }, word).join(" ")}. `
    return text.slice(0, length)
  }
}
