/** The last bodies that were sent in each stream: what is sent next is stored as what differs from one of them. */
import { RecentMap } from "../types/RecentMap.ts"
import * as Tenant from "../types/Tenant.ts"
import type { BodyChain } from "./BodyChain.ts"
import * as Chain from "./BodyChain.ts"
import type { BodyDifference } from "./BodyDifference.ts"
import * as Difference from "./BodyDifference.ts"
import * as BodyReference from "./BodyReference.ts"
import type { Appendable, Body, Fact } from "./Fact.ts"
import { isFact } from "./Fact.ts"
import type { Place } from "./FactEvents.ts"
import * as FactEvents from "./FactEvents.ts"

/** Characters that are remembered of all streams at least; twice as many at most, and one stream more. */
const mostCharacters = 8 * 1024 * 1024

/** Conversations of one stream that are remembered: some go on side by side. */
const mostChains = 4

/** What is shorter is stored whole. */
const shortest = 512

/** The last one first. */
type Chains = ReadonlyArray<BodyChain>

const lengthOf = (chains: Chains): number => chains.reduce((sum, { text }) => sum + text.length, 0)

/** A fact's body that may refer to another: of a session that goes on, and long enough. */
const candidateOf = (fact: Fact): { readonly body: Body; readonly index: number } | undefined => {
  if (fact.sessionId === null || FactEvents.beginsStream(fact)) return undefined
  const candidate = BodyReference.candidateOf(fact)
  return candidate !== undefined && isReferable(candidate.body) ? candidate : undefined
}

/** Half a character is not read as it was written. */
const isReferable = ({ frames, text }: Body): boolean =>
  frames === null && text.length >= shortest && text.isWellFormed()

/** The chain that a text goes on from: it says least of its own beside that. */
const nearest = (chains: Chains, text: string) => {
  let best: { readonly chain: BodyChain; readonly difference: BodyDifference; readonly length: number } | undefined
  for (const chain of chains) {
    const difference = Chain.differenceFrom(chain, text)
    if (difference === undefined) continue
    const length = Difference.lengthOf(difference)
    if (best === undefined || length < best.length) best = { chain, difference, length }
  }
  return best
}

/**
 * Events of a stream behind which its session goes on: those of one request are fewer. What it says again at every level, its
 * requests' names and heads, is worth its compression then.
 */
const mostOfRequest = 48

export class RecentBodies {
  readonly #streams = new RecentMap<string, Chains>(mostCharacters, lengthOf)

  /** Of a stream to which such events are appended: the positions of facts that one of them may refer to. */
  basesFor(tenant: string, stream: string, events: ReadonlyArray<Appendable>): ReadonlyArray<number> {
    const chains = this.#streams.get(Tenant.qualified(tenant, stream))
    return chains === undefined || !events.some((each) => isFact(each) && candidateOf(each) !== undefined)
      ? []
      : chains.flatMap(({ links }) => links.map(({ base }) => base.position))
  }

  /** What refers to these facts is forgotten. */
  forget(tenant: string, stream: string, isGone: (position: number) => boolean): void {
    const key = Tenant.qualified(tenant, stream)
    const chains = this.#streams.get(key)
    if (chains === undefined) return
    const kept = chains.filter(({ links }) => !links.some(({ base }) => isGone(base.position)))
    if (kept.length < chains.length) this.#streams.set(key, kept)
  }

  /** For one transaction: what it refers to is remembered when it is committed. */
  transaction(): BodyTransaction {
    const changed = new Map<string, Chains>()
    const streams = this.#streams
    return {
      refer: (fact, { position, stream, version }) => {
        const goesOn = fact.sessionId !== null && version > mostOfRequest
        const key = Tenant.qualified(fact.tenant, stream)
        const chains = changed.get(key) ?? streams.get(key) ?? []
        const candidate = candidateOf(fact)
        if (candidate === undefined) {
          return goesOn || isConversation(chains)
            ? BodyReference.inConversation(fact, undefined)
            : fact
        }
        const { text } = candidate.body
        const at = { position, body: candidate.index }
        const closest = nearest(chains, text)
        const { chain, reference } = closest === undefined
          ? { chain: Chain.begin(text, at), reference: undefined }
          : Chain.extend(closest.chain, closest.difference, text, at)
        const next = [chain, ...chains.filter((each) => each !== closest?.chain)].slice(0, mostChains)
        changed.set(key, next)
        return reference !== undefined || goesOn || isConversation(next)
          ? BodyReference.inConversation(fact, reference)
          : fact
      },
      committed: () => {
        for (const [key, chains] of changed) streams.set(key, chains)
      }
    }
  }
}

/** More than one body: what stands in the stream is a conversation. */
const isConversation = (chains: Chains): boolean => chains.some(({ links }) => links.length > 1)

export interface BodyTransaction {
  /** The fact as it is stored at its place. */
  readonly refer: (fact: Fact, place: Place) => Fact
  readonly committed: () => void
}
