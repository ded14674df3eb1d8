/** Facts made up for tests: whatever a request may leave, its texts of pieces that are hard to store. */
import { Schema } from "effect"
import type { Body, EventPart, ExchangePart, Fact, Numbering, Part } from "../../src/events/facts/Fact.ts"
import type { EventHead } from "../../src/events/facts/FactEvents.ts"
import * as FactEvents from "../../src/events/facts/FactEvents.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const pieces = [
  "",
  "a",
  "漢字",
  "é",
  "😀",
  "😁",
  "\u0000",
  "\n",
  "\r\n",
  "\ufeff",
  "\u2028",
  "\\",
  "\"",
  "$&",
  "$1$$`'",
  "\"model\":\"one\"",
  "\"model\":\"$&\"",
  "data: {\"a\":1}\n\n",
  "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
  "the same words, and the same again, ".repeat(4),
  "so long that compression pays. ".repeat(700)
]

/** Texts of at most so many pieces: most that are near each other begin or end alike. */
export const Text = Schema.Array(between(0, pieces.length - 1)).check(Schema.isMaxLength(8))

export const textOf = (text: typeof Text.Type): string => text.map((index) => pieces[index]).join("")

const Levels = Schema.Literals(["debug", "raw", "debug gone", "raw gone", "both gone"])

const Step = Schema.Struct({
  kind: Schema.Literals(["event", "request", "answer"]),
  ofCall: Schema.Boolean,
  family: Schema.Literals(["api:request", "llm:request", "llm:response"]),
  levels: Levels,
  /** Events that were counted and not stored. */
  skipped: between(0, 2),
  seconds: between(0, 5),
  hasCause: Schema.Boolean,
  text: Text,
  /** Of a stream: how many frames; 0: none. */
  frames: between(0, 4),
  isBase64: Schema.Boolean
})

export const Steps = Schema.Array(Step).check(Schema.isMinLength(1), Schema.isMaxLength(6))

/** They share their beginnings. */
export const requestIds = [
  "0199aaaa-0000-7000-8000-000000000000",
  "0199aaaa-0000-7000-8000-000000010000",
  "0199aaab-0000-7000-bfff-ffffffff0000"
] as const

export const Given = Schema.Struct({
  request: between(0, requestIds.length - 1),
  sessionId: Schema.NullOr(Schema.Literals(["s1", "s2", "0199aaaa-0000-7000-8000-000000000000"])),
  call: Schema.NullOr(Schema.Literals(["1", "2", "2.1"])),
  provider: Schema.Literals(["p", "q"]),
  principal: Schema.NullOr(Schema.Literal("alice ' \" %")),
  /** The first counter, of the request and of its call. */
  from: between(1, 6),
  steps: Steps
})
export type Given = typeof Given.Type

/** What a run of a session's own has before it is stored. */
const start = 1_763_683_200_000

const bodyOf = ({ frames, isBase64, text }: typeof Step.Type): Body => {
  const whole = isBase64 ? Buffer.from(textOf(text)).toString("base64") : textOf(text)
  const encoding = isBase64 ? "base64" : "utf-8"
  if (frames === 0) return { text: whole, encoding, frames: null }
  const lengths = Array.from(whole.matchAll(/[^\n]*\n|[^\n]+$/g), ([frame]) => frame.length)
  return { text: whole, encoding, frames: { lengths, times: lengths.map((_, index) => index * 1.5) } }
}

const headOf = (kind: ExchangePart["kind"]): string =>
  kind === "request"
    ? "\"method\":\"POST\",\"url\":\"http://vendor/漢字\",\"headers\":{\"accept\":\"*/*\"}"
    : "\"status\":200,\"headers\":{\"content-type\":\"text/plain\",\"a\":\"b\"}"

const exchange = (
  kind: ExchangePart["kind"],
  step: typeof Step.Type,
  common: Omit<ExchangePart, "kind" | "debug" | "raw" | "head" | "body" | "excerpt">
): ExchangePart => {
  const { levels, text } = step
  const level = (schemaVersion: number, isGone: boolean) => ({ schemaVersion, prunedAt: isGone ? start + 77 : null })
  const debugIsGone = levels === "debug gone" || levels === "both gone"
  const rawIsGone = levels === "raw gone" || levels === "both gone"
  const hasRaw = levels !== "debug" && !rawIsGone
  return {
    kind,
    ...common,
    debug: level(2, debugIsGone),
    raw: levels === "debug" ? null : level(3, rawIsGone),
    head: hasRaw ? headOf(kind) : null,
    body: hasRaw ? bodyOf(step) : null,
    excerpt: hasRaw || debugIsGone ? null : JSON.stringify(textOf(text).slice(0, 40))
  }
}

export const factOf = (
  { call, from, principal, provider, request, sessionId: given, steps }: Given,
  sessionId: string | null = given,
  first = start
): Fact => {
  const next: Record<Numbering, number> = { request: from, call: from, session: 1 }
  let time = first
  const parts = steps.map((step): Part => {
    const { family, hasCause, kind, ofCall, seconds, skipped, text } = step
    const numbering = ofCall && call !== null ? "call" : "request"
    const counter = next[numbering] + skipped
    next[numbering] = counter + (kind === "event" ? 1 : 2)
    time += seconds * 1000
    const common = { numbering, counter, time, causationId: hasCause ? "the cause" : null, type: family } as const
    return kind === "event"
      ? { kind, ...common, schemaVersion: 1, payload: JSON.stringify({ text: textOf(text) }) }
      : exchange(kind, step, common)
  })
  return {
    tenant: "",
    requestId: requestIds[request]!,
    sessionId,
    parentSessionId: sessionId === null ? null : "parent",
    principal,
    call: call === null ? null : { id: EventIds.ofCall(requestIds[request]!, call), path: call, attempt: 1, provider },
    debugBytes: 200,
    parts
  }
}

export const place = { stream: "session-s1", version: 3, position: 7 }

/** Its events without their payloads. */
export const headsOf = (fact: Fact): ReadonlyArray<EventHead> => {
  const heads: Array<EventHead> = []
  FactEvents.derive(fact, place, (head) => heads.push(head) === 0)
  return heads
}

/** An event of a request. */
export const event = (counter: number, given: Partial<EventPart> = {}): EventPart => ({
  kind: "event",
  numbering: "request",
  counter,
  time: 5,
  causationId: null,
  type: "api:request",
  schemaVersion: 1,
  payload: "{}",
  ...given
})

/** An exchange whose body is a text, at raw. */
export const answer = (counter: number, text: string, given: Partial<ExchangePart> = {}): ExchangePart => ({
  kind: "answer",
  numbering: "request",
  counter,
  time: start,
  causationId: null,
  type: "llm:response",
  debug: { schemaVersion: 1, prunedAt: null },
  raw: { schemaVersion: 1, prunedAt: null },
  head: headOf("answer"),
  body: { text, encoding: "utf-8", frames: null },
  excerpt: null,
  ...given
})

/** A fact of these parts, of a request without a session. */
export const ofParts = (...parts: ReadonlyArray<Part>): Fact => ({
  tenant: "",
  requestId: requestIds[0]!,
  sessionId: null,
  parentSessionId: null,
  principal: null,
  call: null,
  debugBytes: 2048,
  parts
})
