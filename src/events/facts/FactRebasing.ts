/** What facts refer to goes: they refer to one another, or hold their bodies whole. */
import * as Tenant from "../types/Tenant.ts"
import type { BodyChain } from "./BodyChain.ts"
import * as Chain from "./BodyChain.ts"
import * as BodyReference from "./BodyReference.ts"
import type { Fact } from "./Fact.ts"
import type { Place } from "./FactEvents.ts"

interface Placed {
  readonly fact: Fact
  readonly place: Place
}

/** A fact that is written again. */
export interface Rewritten extends Placed {
  readonly before: Fact
}

/**
 * Facts that stay, of those that refer to facts that go. The first of a stream becomes whole and the others refer to it:
 * no chain becomes longer. What can't be made whole any more is left as it is.
 */
export const rebase = (referring: ReadonlyArray<Placed>): ReadonlyArray<Rewritten> => {
  const chains = new Map<string, BodyChain>()
  const inOrder = referring.toSorted((one, other) => one.place.position - other.place.position)
  return inOrder.flatMap(({ fact: before, place }): ReadonlyArray<Rewritten> => {
    const candidate = BodyReference.candidateOf(before)
    if (candidate === undefined || candidate.body.isDamaged === true) return []
    const { body: { text }, index } = candidate
    const stream = Tenant.qualified(before.tenant, place.stream)
    const first = chains.get(stream)
    const difference = first === undefined ? undefined : Chain.differenceFrom(first, text)
    if (first === undefined) chains.set(stream, Chain.begin(text, { position: place.position, body: index }))
    const reference = difference === undefined ? undefined : Chain.referenceToLast(first!, difference, text)
    return [{ fact: BodyReference.inConversation(before, reference), before, place }]
  })
}
