/** Reads the parts of a stored fact in order: what refers to another text is made whole when it is looked at first. */
import type { BodyDifference } from "./BodyDifference.ts"
import * as Difference from "./BodyDifference.ts"
import type { TextOf } from "./BodyReference.ts"
import * as BodyReference from "./BodyReference.ts"
import type { Body, EventPart, ExchangePart, Fact, Part } from "./Fact.ts"
import type { BodyEntry, DifferenceEntry, EventEntry, ExchangeEntry } from "./FactEntries.ts"
import { causeOf, encodings, levelOf, numberings } from "./FactEntries.ts"
import * as FactTypes from "./FactTypes.ts"
import * as FrameRuns from "./FrameRuns.ts"
import * as HeadIds from "./HeadIds.ts"
import type { Cut, StoredPayload } from "./Passage.ts"
import * as Passage from "./Passage.ts"

/** What stands beside the bytes. */
export type Columns = Pick<Fact, "tenant" | "requestId" | "sessionId" | "parentSessionId" | "principal">

/** Characters of the text that a body adds, as it is before anything is cut. */
const addedLength = (entry: BodyEntry[2]): number => {
  if (typeof entry === "number") return entry
  if ("runs" in entry) return entry.length
  const difference = "base" in entry ? entry.difference : entry.slice(1)
  return difference.length === 3 ? difference[1] as number : 0
}

const lengthOfCuts = (cuts: ReadonlyArray<Cut>): number => cuts.reduce((sum, { length }) => sum + length, 0)

const differenceOf = (entry: DifferenceEntry, added: () => string | undefined): BodyDifference => {
  switch (entry.length) {
    case 0:
      return { kind: "same" }
    case 2:
      return { kind: "replaced", find: entry[0], replacement: entry[1] }
    case 3:
      return {
        kind: "spliced",
        before: entry[0],
        after: entry[2],
        get middle() {
          return added() ?? ""
        }
      }
  }
}

/** Where what a fact refers to is looked up. */
export interface Sources {
  /** Texts of bodies of earlier facts. */
  readonly textOf: TextOf
  /** Payloads of state events, as they are stored. */
  readonly payloadOf: StoredPayload
}

/** There is nothing that could be referred to. */
export const nothing: Sources = { textOf: () => undefined, payloadOf: () => undefined }

/** A text that is made whole when it is looked at first. */
const lazily = (make: () => string | undefined): () => string | undefined => {
  let made: { readonly text: string | undefined } | undefined
  return () => (made ??= { text: make() }).text
}

/** A text of which something is stored elsewhere. */
const restored = (stored: string, cuts: ReadonlyArray<Cut>, payloadOf: StoredPayload): () => string | undefined =>
  lazily(() => Passage.restored(stored, cuts, payloadOf))

/** Characters that are stored of an exchange. */
export const lengthOfExchange = (entry: ExchangeEntry): number => {
  const [, , , , , , , , head, body, excerpt] = entry
  const ofBody = body === null ? 0 : addedLength(body[2]) - lengthOfCuts(Passage.ofEntries(body[3] ?? []))
  return (head ?? 0) + ofBody + (excerpt ?? 0)
}

/** A body whose text is always there. */
const ofText = (whole: () => string | undefined, common: Omit<Body, "text">): Body => ({
  ...common,
  get text() {
    return whole() ?? ""
  }
})

/** A body whose text may be gone. */
const ofLostText = (whole: () => string | undefined, common: Omit<Body, "text">): Body => ({
  ...common,
  get text() {
    return whole() ?? ""
  },
  get isDamaged() {
    return whole() === undefined
  }
})

interface Context {
  readonly columns: Columns
  readonly call: Fact["call"]
  readonly inConversation: boolean
  readonly sources: Sources
}

export class FactReader {
  readonly #text: string
  readonly #columns: Columns
  readonly #call: Fact["call"]
  readonly #sources: Sources
  readonly #inConversation: boolean
  readonly #bodies: Array<Body> = []
  #at: number
  #type = ""

  constructor(text: string, at: number, { call, columns, inConversation, sources }: Context) {
    this.#text = text
    this.#at = at
    this.#columns = columns
    this.#call = call
    this.#inConversation = inConversation
    this.#sources = sources
  }

  text(length: number): string {
    return this.#text.slice(this.#at, this.#at += length)
  }

  body([encoding, frames, entry, cuts = []]: BodyEntry): Body {
    const body = this.#body(entry, Passage.ofEntries(cuts), {
      encoding: encodings[encoding]!,
      frames: frames === 0
        ? null
        : frames === 1
        ? this.#bodies.at(-1)!.frames
        : { lengths: frames[0], times: frames[1] }
    })
    this.#bodies.push(body)
    return body
  }

  #body(entry: BodyEntry[2], cuts: ReadonlyArray<Cut>, common: Omit<Body, "text">): Body {
    const stored = this.text(addedLength(entry) - lengthOfCuts(cuts))
    const added = cuts.length === 0 ? () => stored : restored(stored, cuts, this.#sources.payloadOf)
    if (typeof entry === "number" && cuts.length === 0) return { text: stored, ...common }
    if (typeof entry === "number" || "runs" in entry) {
      const whole = typeof entry === "number" ? added : lazily(() => {
        const folded = added()
        return folded === undefined ? undefined : FrameRuns.unfold(folded, common.frames!.lengths, entry.runs)
      })
      return cuts.length === 0 ? ofText(whole, common) : ofLostText(whole, common)
    }
    if ("base" in entry) {
      const { base: [position, body], difference, digest } = entry
      const reference = { base: { position, body }, difference: differenceOf(difference, added), digest }
      const { textOf } = this.#sources
      return BodyReference.body(
        reference,
        common,
        () => added() === undefined ? undefined : textOf(reference.base)
      )
    }
    const [number, ...rest] = entry
    const earlier = this.#bodies[number]!
    const difference = differenceOf(rest as unknown as DifferenceEntry, added)
    if (!this.#inConversation && cuts.length === 0 && earlier.isDamaged === undefined) {
      return { text: Difference.apply(earlier.text, difference), ...common }
    }
    const reference = { base: null, difference, digest: null }
    return BodyReference.body(
      reference,
      common,
      () => added() === undefined || earlier.isDamaged === true ? undefined : earlier.text
    )
  }

  #payload(entry: EventEntry): Pick<EventPart, "payload" | "cuts"> {
    const stored = this.text(entry[7])
    if (entry[8] === undefined) return { payload: stored }
    const cuts = Passage.ofEntries(entry[8])
    const whole = restored(stored, cuts, this.#sources.payloadOf)
    return {
      cuts,
      get payload() {
        const payload = whole()
        if (payload === undefined) throw new Error("what the payload of an event refers to is gone")
        return payload
      }
    }
  }

  part(entry: EventEntry | ExchangeEntry, since: number): Part {
    const [, numbering, counter, time, cause, typeEntry] = entry
    const type = this.#type = typeEntry === 0
      ? this.#type
      : typeof typeEntry === "number"
      ? FactTypes.ofNumber(typeEntry)
      : typeEntry
    const common = {
      numbering: numberings[numbering]!,
      counter,
      time: since + time,
      causationId: causeOf(cause, { call: this.#call, requestId: this.#columns.requestId }),
      type
    }
    if (entry[0] === 0) return { kind: "event", ...common, schemaVersion: entry[6], ...this.#payload(entry) }
    const [kind, , , , , , debug, raw, head, body, excerpt = null] = entry
    return {
      kind: kind === 1 ? "request" : "answer",
      ...common,
      debug: levelOf(debug),
      raw: levelOf(raw),
      head: head === null ? null : HeadIds.restored(this.text(head), this.#columns),
      body: body === null ? null : this.body(body),
      excerpt: excerpt === null ? null : this.text(excerpt)
    } satisfies ExchangePart
  }
}
