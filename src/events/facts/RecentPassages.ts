/** The passages of sessions that go on: what is said again in one is stored as a reference to where it was said first. */
import type { EventDraft } from "../types/Envelope.ts"
import { RecentMap } from "../types/RecentMap.ts"
import * as Tenant from "../types/Tenant.ts"
import type { EventPart, Fact, Part } from "./Fact.ts"
import { charactersOf } from "./Fact.ts"
import type { Place } from "./FactEvents.ts"
import type { Cut, PassagePlace } from "./Passage.ts"
import * as Passage from "./Passage.ts"
import * as PayloadChains from "./PayloadChains.ts"

/** Characters that are remembered of all sessions at least; twice as many at most, and one session more. */
const mostCharacters = 8 * 1024 * 1024

/**
 * So many facts and rows of a session are stored as they are, where they are no longer: many sessions are one request, and
 * nothing in them is said so often that looking for it and compressing it would pay.
 */
const firstOfSession = 3
const shortEnough = 4096

/** Short payloads with rows of their own: as many as the first turn of a conversation has, whose items are rows. */
const firstShort = 6
const shortPayload = 512

/** Requests of which the session is remembered: what they change elsewhere names them alone. */
const mostRequests = 2000

type Passages = Map<string, PassagePlace>

/** Of one session. */
interface Session {
  readonly passages: Passages
  readonly chains: PayloadChains.PayloadChains
  readonly characters: number
  /** Facts and rows with something to say again. */
  readonly count: number
}

/** Gives what is cut out of a text. */
export type FindCuts = (text: string) => ReadonlyArray<Cut>

export const noCuts: FindCuts = () => []

export interface PassageTransaction {
  /** The fact, its payloads with what is cut out of them; `find` is for its bodies. Undefined: it has nothing to do with passages. */
  readonly ofFact: (fact: Fact, place: Place) => { readonly fact: Fact; readonly find: FindCuts } | undefined
  /** What is cut out of the payload of an event with a row of its own; undefined: it has nothing to do with passages. */
  readonly ofEvent: (event: EventDraft, place: Place) => ReadonlyArray<Cut> | undefined
  readonly committed: () => void
}

const keyOf = (tenant: string, sessionId: string) => Tenant.qualified(tenant, sessionId)

interface PlacedPayload {
  readonly part: EventPart
  /** Its number among the parts of its fact. */
  readonly index: number
}

/** What begins a session says nothing that is said again, and what is short is not referred to. */
const payloadsOf = (parts: ReadonlyArray<Part>): ReadonlyArray<PlacedPayload> => {
  const payloads: Array<PlacedPayload> = []
  let index = 0
  for (const part of parts) {
    if (part.kind === "event" && part.numbering !== "session" && part.payload.length > Passage.shortest) {
      payloads.push({ part, index })
    }
    index++
  }
  return payloads
}

export class RecentPassages {
  readonly #sessions = new RecentMap<string, Session>(mostCharacters, ({ characters }) => characters)
  readonly #ofRequests = new RecentMap<string, string>(mostRequests)

  /** For one transaction: what it adds is remembered when it is committed. */
  transaction(): PassageTransaction {
    const sessions = this.#sessions
    const ofRequests = this.#ofRequests
    const added = new Map<string, Passages>()
    const counts = new Map<string, number>()
    const chains = new Map<string, PayloadChains.PayloadChains>()

    /** Counts one more, of so many characters; true where it is stored as it is. */
    const isAsItIs = (key: string, characters: number, first = firstOfSession): boolean => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return characters <= shortEnough && (sessions.get(key)?.count ?? 0) + count <= first
    }

    const find = (key: string): FindCuts => {
      const [fresh, before] = [added.get(key), sessions.get(key)?.passages]
      if (fresh === undefined && before === undefined) return noCuts
      return (text) => {
        const cuts: Array<Cut> = []
        let last = 0
        Passage.eachString(text, (start, end) => {
          const string = text.slice(start, end)
          const place = fresh?.get(string) ?? before?.get(string)
          if (place === undefined) return
          cuts.push({ ...place, after: start - last, length: end - start })
          last = end
        })
        return cuts
      }
    }

    /** What is cut out of a payload: what it goes on from, and passages behind that. */
    const cutsOf = (key: string, type: string, payload: string, position: number, part: number): ReadonlyArray<Cut> => {
      if (payload.length < PayloadChains.shortest) return find(key)(payload)
      const before = chains.get(key) ?? sessions.get(key)?.chains ?? PayloadChains.none
      const extended = PayloadChains.extend(before, type, payload, { position, part })
      if (extended === undefined) return find(key)(payload)
      const { chain, cut } = extended
      chains.set(key, new Map([...before, [type, chain]]))
      return cut === undefined ? find(key)(payload) : [cut, ...find(key)(payload.slice(cut.length))]
    }

    /** What of a payload is stored with it is there for others from now on. */
    const add = (key: string, payload: string, cuts: ReadonlyArray<Cut>, position: number, part: number) => {
      const stored = cuts.length === 0 ? payload : Passage.withoutCuts(payload, cuts)
      Passage.eachString(stored, (start, end) => {
        const string = stored.slice(start, end)
        if (!string.isWellFormed()) return
        const passages = added.get(key) ?? new Map<string, PassagePlace>()
        if (!passages.has(string)) passages.set(string, { position, part, offset: start })
        added.set(key, passages)
      })
    }

    return {
      ofFact: (fact, { position }) => {
        const { parts, requestId, sessionId, tenant } = fact
        if (sessionId === null) return undefined
        const key = keyOf(tenant, sessionId)
        const payloads = payloadsOf(parts)
        if (payloads.length === 0 && !added.has(key) && sessions.get(key) === undefined) return undefined
        ofRequests.set(requestId, key)
        if (isAsItIs(key, charactersOf(fact))) {
          for (const { index, part } of payloads) add(key, part.payload, [], position, index)
          return undefined
        }
        // What stands in the fact itself is compressed with it.
        const findBefore = find(key)
        const cutParts = [...parts]
        for (const { index, part } of payloads) {
          const cuts = cutsOf(key, part.type, part.payload, position, index)
          add(key, part.payload, cuts, position, index)
          if (cuts.length > 0) cutParts[index] = { ...part, cuts }
        }
        if (findBefore === noCuts && !added.has(key)) return undefined
        return { fact: { ...fact, parts: cutParts, sharesPassages: true }, find: findBefore }
      },
      ofEvent: (event, { position }) => {
        const { level, payload, requestId, sessionId, tenant } = event
        if (level !== "default" || requestId === null || payload.length <= Passage.shortest) return undefined
        const key = sessionId === null ? ofRequests.get(requestId) : keyOf(tenant, sessionId)
        if (key === undefined) return undefined
        const isCut = !isAsItIs(key, payload.length, payload.length < shortPayload ? firstShort : firstOfSession)
        const cuts = isCut ? cutsOf(key, event.type, payload, position, 0) : []
        add(key, payload, cuts, position, 0)
        return isCut ? cuts : undefined
      },
      committed: () => {
        for (const [key, count] of counts) {
          const before = sessions.get(key)
          const fresh = added.get(key)
          const grown = chains.get(key) ?? before?.chains ?? PayloadChains.none
          if (before === undefined && fresh === undefined && grown.size === 0) continue
          const passages = before === undefined || before.characters > mostCharacters ? new Map() : before.passages
          let characters = passages === before?.passages
            ? before.characters - PayloadChains.charactersOf(before.chains)
            : 0
          for (const [string, place] of fresh ?? []) {
            passages.set(string, place)
            characters += string.length
          }
          characters += PayloadChains.charactersOf(grown)
          sessions.set(key, { passages, chains: grown, characters, count: (before?.count ?? 0) + count })
        }
      }
    }
  }
}
