/** A fact of which one request is stored as what differs from one of an earlier fact of the same stream. */
import { hash } from "node:crypto"
import * as Difference from "./BodyDifference.ts"
import type { BaseBody, Body, BodyReference, ExchangePart, Fact, Part } from "./Fact.ts"

/** Facts that are read at most, one behind the other, to make a body whole. */
export const longestChain = 32

/** Finds the text of a body that others refer to; undefined: there is none any more. */
export type TextOf = (base: BaseBody) => string | undefined

const digestLength = 22

/** 128 bits of the SHA-256. */
export const digestOf = (text: string): string => hash("sha256", text, "base64url").slice(0, digestLength)

/** A body that is made whole when its text is looked at first; `earlier` gives what it refers to. */
export const body = (
  reference: BodyReference,
  common: Pick<Body, "encoding" | "frames">,
  earlier: () => string | undefined
): Body => {
  const { difference, digest } = reference
  let made: { readonly text: string | undefined } | undefined
  const whole = (): string | undefined => {
    if (made === undefined) {
      const from = earlier()
      const text = from === undefined ? undefined : Difference.apply(from, difference)
      made = { text: text === undefined || digest === null || digestOf(text) === digest ? text : undefined }
    }
    return made.text
  }
  return {
    ...common,
    reference,
    get text() {
      return whole() ?? ""
    },
    get isDamaged() {
      return whole() === undefined
    }
  }
}

/** Characters that are stored of a body. */
export const storedLength = (body: Body): number =>
  body.reference === undefined ? body.text.length : Difference.lengthOf(body.reference.difference)

type ExchangeWithBody = ExchangePart & { readonly body: Body }

const hasBody = (part: Part): part is ExchangeWithBody => part.kind !== "event" && part.body !== null

/** So many times as long as the first that was sent is one that says the conversation, of which the first says the end. */
const muchLonger = 2

interface Placed {
  readonly body: Body
  /** Its number among the bodies of its fact. */
  readonly index: number
}

const sentIn = ({ parts }: Fact): ReadonlyArray<Placed> => {
  const sent: Array<Placed> = []
  let index = 0
  for (const part of parts) {
    if (!hasBody(part)) continue
    if (part.kind === "request") sent.push({ body: part.body, index })
    index++
  }
  return sent
}

const refersTo = ({ body }: Placed): boolean => body.reference?.base != null

/**
 * The body that may refer to an earlier fact and be referred to: the one that does; else the first that was sent, or the
 * longest where that is much longer, as a vendor's request with all of a conversation of which a client names the last.
 */
export const candidateOf = (fact: Fact): Placed | undefined => {
  const sent = sentIn(fact)
  const referring = sent.find(refersTo)
  if (referring !== undefined || sent.length < 2) return referring ?? sent[0]
  const [first, ...others] = sent as [Placed, ...ReadonlyArray<Placed>]
  return others.reduce(
    (longest, each) =>
      each.body.text.length > Math.max(longest.body.text.length, muchLonger * first.body.text.length) ? each : longest,
    first
  )
}

/** The body of an earlier fact that a fact refers to. */
export const baseOf = (fact: Fact): BaseBody | null =>
  fact.inConversation === true ? sentIn(fact).find(refersTo)?.body.reference?.base ?? null : null

/** The body of that number, if it was sent. */
export const sentAt = (fact: Fact, index: number): Body | undefined =>
  sentIn(fact).find((each) => each.index === index)?.body

const asStored = ({ encoding, frames, text }: Body, reference: BodyReference | undefined): Body => ({
  text,
  encoding,
  frames,
  ...(reference === undefined ? {} : { reference })
})

/** As it is stored in a conversation: that body so, or whole, and the others as what differs from the one before. */
export const inConversation = (fact: Fact, reference: BodyReference | undefined): Fact => {
  const first = candidateOf(fact)?.index
  let before: Body | undefined
  let index = 0
  const parts = fact.parts.map((part): Part => {
    if (!hasBody(part)) return part
    const { body } = part
    const difference = before === undefined ? undefined : Difference.between(before.text, body.text)
    before = body
    const within = difference === undefined ? undefined : { base: null, difference, digest: null }
    return { ...part, body: asStored(body, index++ === first ? reference ?? within : within) }
  })
  return { ...fact, parts, inConversation: true }
}

/** False where a body is lost with what it refers to. */
export const isSound = ({ parts }: Fact): boolean => parts.every((part) => !hasBody(part) || !part.body.isDamaged)
