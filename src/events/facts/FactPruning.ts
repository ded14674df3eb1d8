/** A fact without payloads that retention removes: what other levels show of them is made before they go. */
import * as BodyReference from "./BodyReference.ts"
import * as BodyText from "./BodyText.ts"
import type { ExchangeLevel, ExchangePart, Fact, Part } from "./Fact.ts"

/** What is removed: payloads of a level that happened before a time, noted as removed now. */
export interface Removal {
  readonly level: ExchangeLevel
  readonly before: number
  readonly now: number
}

const isPrunable = (part: Part, level: ExchangeLevel, before: number): part is ExchangePart =>
  part.kind !== "event" && part.time < before && part[level]?.prunedAt === null

/** Events that could be pruned. */
export const prunable = ({ parts }: Fact, { before, level }: Omit<Removal, "now">): number =>
  parts.filter((part) => isPrunable(part, level, before)).length

const excerptOf = ({ body, debug, excerpt, kind }: ExchangePart, debugBytes: number): string | null =>
  body === null || debug === null || debug.prunedAt !== null
    ? excerpt
    : BodyText.excerpt(body, BodyText.excerptBytes(kind, debugBytes))

const withoutRaw = (part: ExchangePart, debugBytes: number, prunedAt: number): ExchangePart => ({
  ...part,
  raw: { ...part.raw!, prunedAt },
  head: null,
  body: null,
  excerpt: excerptOf(part, debugBytes)
})

const withoutDebug = (part: ExchangePart, prunedAt: number): ExchangePart => ({
  ...part,
  debug: { ...part.debug!, prunedAt },
  excerpt: null
})

export const prune = (fact: Fact, { before, level, now }: Removal): Fact => ({
  ...fact,
  // What debug shows of a body that is lost is not what it was.
  ...(level === "debug" || BodyReference.isSound(fact) ? {} : { isAltered: true }),
  parts: fact.parts.map((part) => {
    if (!isPrunable(part, level, before)) return part
    return level === "raw" ? withoutRaw(part, fact.debugBytes, now) : withoutDebug(part, now)
  })
})

/**
 * Characters that each level takes: debug only where it does not show what raw holds, and of a body that refers to an
 * earlier fact only what it has of its own.
 */
export const charactersOf = ({ parts }: Fact): Record<ExchangeLevel, number> => {
  let [debug, raw] = [0, 0]
  for (const part of parts) {
    if (part.kind === "event") continue
    const { body, excerpt, head } = part
    debug += excerpt?.length ?? 0
    raw += head?.length ?? 0
    if (body !== null) raw += BodyReference.storedLength(body)
  }
  return { debug, raw }
}
