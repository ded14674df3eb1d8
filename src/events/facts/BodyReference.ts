/** A fact whose first request is stored as what differs from one of an earlier fact of the same stream. */
import { hash } from "node:crypto"
import * as Difference from "./BodyDifference.ts"
import type { BaseBody, Body, BodyReference, ExchangePart, Fact, Part } from "./Fact.ts"

/** Facts that are read at most, one behind the other, to make a body whole. */
export const longestChain = 16

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

/** The body that may refer to an earlier fact and be referred to, the first that was sent, and its number. */
export const candidateOf = ({ parts }: Fact): { readonly body: Body; readonly index: number } | undefined => {
  let index = 0
  for (const part of parts) {
    if (part.kind === "event" || part.body === null) continue
    if (part.kind === "request") return { body: part.body, index }
    index++
  }
  return undefined
}

/** The body of an earlier fact that a fact refers to. */
export const baseOf = (fact: Fact): BaseBody | null =>
  fact.inConversation === true ? candidateOf(fact)?.body.reference?.base ?? null : null

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
