/** The leaves of a JSON value by their paths, list items unnumbered: what of a value another one lost, or has besides. */
import { Predicate } from "effect"

export interface Leaf {
  /** As `.messages[].content`. */
  readonly path: string
  /** JSON text. */
  readonly value: string
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : Predicate.isObject(value) && Object.keys(value).length === 0

/** In their order. Undefined says nothing, and an empty list or object is a leaf. */
export const leavesOf = (value: unknown, path = ""): ReadonlyArray<Leaf> => {
  if (value === undefined) return []
  if (isEmpty(value)) return [{ path, value: JSON.stringify(value) }]
  if (Array.isArray(value)) return value.flatMap((each: unknown) => leavesOf(each, `${path}[]`))
  if (Predicate.isObject(value)) {
    return Object.entries(value).flatMap(([name, each]) => leavesOf(each, `${path}.${name}`))
  }
  return [{ path, value: JSON.stringify(value) }]
}

const textOf = ({ path, value }: Leaf): string => `${path} ${value}`

/** Those of the first that the second has not, as often. */
const without = (leaves: ReadonlyArray<Leaf>, others: ReadonlyArray<Leaf>): ReadonlyArray<Leaf> => {
  const left = new Map<string, number>()
  for (const each of others) left.set(textOf(each), (left.get(textOf(each)) ?? 0) + 1)
  return leaves.filter((each) => {
    const count = left.get(textOf(each)) ?? 0
    left.set(textOf(each), count - 1)
    return count <= 0
  })
}

/** Paths whose values both have, in another order. */
const reordered = (before: ReadonlyArray<Leaf>, after: ReadonlyArray<Leaf>): ReadonlyArray<Leaf> =>
  [...new Set(before.map(({ path }) => path))].flatMap((path) => {
    const [first, second] = [before, after].map((leaves) => leaves.filter((each) => each.path === path))
    const isSame = without(first!, second!).length + without(second!, first!).length > 0 ||
      first!.every(({ value }, index) => value === second![index]?.value)
    return isSame ? [] : [{ path, value: "in another order" }]
  })

export interface Change extends Leaf {
  readonly change: "lost" | "added" | "reordered"
}

export const changesOf = (before: unknown, after: unknown): ReadonlyArray<Change> => {
  const [first, second] = [leavesOf(before), leavesOf(after)]
  return [
    ...without(first, second).map((leaf): Change => ({ ...leaf, change: "lost" })),
    ...without(second, first).map((leaf): Change => ({ ...leaf, change: "added" })),
    ...reordered(first, second).map((leaf): Change => ({ ...leaf, change: "reordered" }))
  ]
}
