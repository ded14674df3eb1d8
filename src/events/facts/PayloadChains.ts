/** Long payloads of a session that grow, each of which says all of the last again: what it goes on from is one cut. */
import type { BodyChain } from "./BodyChain.ts"
import * as Chain from "./BodyChain.ts"
import type { Cut } from "./Passage.ts"

/** What is shorter is cut passage by passage. */
export const shortest = 2048

/** The last payloads by what they are of: the type of their event. */
export type PayloadChains = ReadonlyMap<string, BodyChain>

export const none: PayloadChains = new Map()

export const charactersOf = (chains: PayloadChains): number => {
  let sum = 0
  for (const { text } of chains.values()) sum += text.length
  return sum
}

export interface Extended {
  readonly chain: BodyChain
  /** What the payload begins with; undefined: nothing that would pay. */
  readonly cut: Cut | undefined
}

/** How a payload goes on from the last one of its type; undefined: it would not be read as it was written. */
export const extend = (
  chains: PayloadChains,
  type: string,
  payload: string,
  at: { readonly position: number; readonly part: number }
): Extended | undefined => {
  if (!payload.isWellFormed()) return undefined
  const base = { position: at.position, body: at.part }
  const last = chains.get(type)
  const difference = last === undefined ? undefined : Chain.differenceFrom(last, payload)
  if (difference?.kind !== "spliced") return { chain: Chain.begin(payload, base), cut: undefined }
  const { chain, reference } = Chain.extend(last!, difference, payload, base)
  if (reference?.base == null || reference.difference.kind !== "spliced") return { chain, cut: undefined }
  const { base: { body: part, position }, difference: { before } } = reference
  return { chain, cut: { after: 0, length: before, position, part, offset: 0, isOfWhole: true } }
}
