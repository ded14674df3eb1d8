/** Finds the known key that a mistyped one most likely meant. */

/** How many single-letter insertions, deletions and replacements lead from one word to the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/** Undefined when nothing known is close enough to be worth suggesting. */
export const nearestKey = (key: string, candidates: ReadonlyArray<string>): string | undefined => {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(key.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, candidate.length / 3) && edits < candidate.length)
    .sort((one, other) => one.edits - other.edits)
  return ranked[0]?.candidate
}

const suggestion = (nearest: string | undefined, candidates: ReadonlyArray<string>): string =>
  candidates.length === 0
    ? "There is none"
    : `${nearest === undefined ? "" : `Did you mean ${nearest}? `}There is: ${candidates.join(", ")}`

/** What to write in place of an unknown name. */
export const suggest = (wanted: string, candidates: ReadonlyArray<string>): string =>
  suggestion(nearestKey(wanted, candidates), candidates)

const nameOf = (type: string): string => type.split("::").at(-1) ?? type

/** The same for `remote::name`, where only the name may be known. */
export const suggestType = (wanted: string, candidates: ReadonlyArray<string>): string => {
  const name = nearestKey(nameOf(wanted), candidates.map(nameOf))
  return suggestion(nearestKey(wanted, candidates) ?? candidates.find((type) => nameOf(type) === name), candidates)
}
