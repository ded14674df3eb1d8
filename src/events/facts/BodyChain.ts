/**
 * Bodies of a stream of which each goes on from the last, as the turns of a conversation do: which of the earlier ones
 * the next is stored as a difference to, so that no chain is long and little is stored twice.
 *
 * Bodies refer to the last one, a few times; then one refers further back, to the one that these began with, and the
 * next go on from it; after a few of those, one refers further back still. Each such level stores the texts once more.
 */
import type { BodyDifference } from "./BodyDifference.ts"
import * as Difference from "./BodyDifference.ts"
import * as BodyReference from "./BodyReference.ts"
import type { BaseBody, BodyReference as Reference } from "./Fact.ts"

/** A body that the next may refer to. */
interface Link {
  readonly base: BaseBody
  /** Facts that are read before it is whole. */
  readonly depth: number
  /** What the chain's last text has in common with its beginning and its end: so many characters. */
  readonly before: number
  readonly after: number
  /** Bodies on this level since its first. */
  readonly count: number
}

export interface BodyChain {
  /** Of the last body. */
  readonly text: string
  /** The last body of each level, from the lowest on: at the end stands the first of all, which is stored whole. */
  readonly links: ReadonlyArray<Link>
}

/** Bodies in a row on one level. 14 on two levels: 225 bodies, whose chains are 28 long at most. */
const mostOnLevel = 14

/** What repeats the last body refers to it, and nothing refers to that. */
const deepest = BodyReference.longestChain - 1

const linkTo = (base: BaseBody, depth: number): Link => ({ base, depth, before: Infinity, after: Infinity, count: 0 })

/** A chain of one body, stored whole. */
export const begin = (text: string, base: BaseBody): BodyChain => ({ text, links: [linkTo(base, 0)] })

/** True where half of the text is saved. */
const pays = (text: string, difference: BodyDifference): boolean => 2 * Difference.lengthOf(difference) <= text.length

const referenceTo = ({ base }: Link, difference: BodyDifference, text: string): Reference => ({
  base,
  difference,
  digest: BodyReference.digestOf(text)
})

/** What differs from the last of the chain; undefined where it does not pay to say so. */
export const differenceFrom = ({ text: last }: BodyChain, text: string): BodyDifference | undefined => {
  const difference = Difference.between(last, text)
  return difference !== undefined && pays(text, difference) ? difference : undefined
}

/** The text as that difference. */
export const referenceToLast = ({ links }: BodyChain, difference: BodyDifference, text: string): Reference =>
  referenceTo(links[0]!, difference, text)

export interface Stored {
  /** Undefined: whole. */
  readonly reference: Reference | undefined
  readonly chain: BodyChain
}

/** How a text is stored that differs so from the last of the chain, and the chain then. */
export const extend = (chain: BodyChain, difference: BodyDifference, text: string, at: BaseBody): Stored => {
  const { links } = chain
  // The last one again, or with another name in it.
  if (difference.kind !== "spliced") return { reference: referenceToLast(chain, difference, text), chain }
  // What it has in common with the last, it has in common with what the last has that of.
  const shared = links.map((link) => ({
    ...link,
    before: Math.min(link.before, difference.before),
    after: Math.min(link.after, difference.after)
  }))
  const level = shared.findIndex(({ count, depth }) => depth < deepest && count < mostOnLevel)
  const link = shared[level]!
  const { after, before, count, depth } = link
  const spliced = { kind: "spliced", before, middle: text.slice(before, text.length - after), after } as const
  if (!pays(text, spliced)) return { reference: undefined, chain: begin(text, at) }
  const next = linkTo(at, depth + 1)
  const isFirst = level === shared.length - 1
  return {
    reference: referenceTo(link, spliced, text),
    chain: {
      text,
      links: [
        ...shared.slice(0, level).map(() => next),
        { ...next, count: count + 1 },
        ...isFirst ? [link] : shared.slice(level + 1)
      ]
    }
  }
}
