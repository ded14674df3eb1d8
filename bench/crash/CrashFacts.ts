/** The facts of the crash test: all of a fact follows from the id of its request, as an event from its id. */
// @effect-diagnostics *:off
import type { ExchangePart, Fact, Part } from "../../src/events/facts/Fact.ts"
import { mostEvents } from "../../src/events/facts/Fact.ts"
import * as FactEvents from "../../src/events/facts/FactEvents.ts"
import type { EventDraft } from "../../src/events/types/Envelope.ts"
import { streamOf } from "../../src/events/types/SessionStream.ts"
import { SeededRandom, seedOf } from "./SeededRandom.ts"

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0")

/** As an id of a request, with what names it in the place of chance. */
export const requestIdOf = (round: number, fiber: number, number: number, time: number): string =>
  `${hex(time, 12).replace(/^.{8}/, "$&-")}-7${hex(round, 3)}-${hex(0x8000 | fiber, 4)}-${hex(number, 8)}0000`

/** Marks, where a fiber stands in an id, the turns of its conversations. */
const inConversation = 0x4000

/** A turn, from 1: what is said before it follows from the conversation. */
export const turnIdOf = (round: number, fiber: number, conversation: number, turn: number, time: number): string =>
  requestIdOf(round, inConversation | (conversation << 4) | fiber, turn, time)

/** The session of a turn; null of other requests. */
const sessionOf = (id: string): string | null => {
  const fiber = Number.parseInt(id.slice(19, 23), 16) & 0x7fff
  return (fiber & inConversation) === 0 ? null : `crash-${id.slice(15, 18)}-${fiber.toString(16)}`
}

export const streamOfTurn = (id: string): string => streamOf(sessionOf(id)!)

const requestId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{8}/

/** The request of an event that stands in a fact; undefined of others. */
export const requestOf = (id: string): string | undefined => {
  const beginning = requestId.exec(id)?.[0]
  return beginning === undefined ? undefined : `${beginning}0000`
}

const turnOf = (id: string): number => Number.parseInt(id.slice(24, 32), 16)

const timeOf = (id: string): number => Number.parseInt(id.slice(0, 13).replace("-", ""), 16)

/** Turns behind which a client forgets what was said first. */
const mostTurns = 20
const forgotten = 4

/** What a client sends in a turn: all that was said before it, too. */
const conversationUntil = (session: string, turn: number): string => {
  const messages: Array<string> = []
  for (let each = turn > mostTurns ? forgotten : 0; each < turn; each++) {
    const random = new SeededRandom(seedOf(`${session} ${each}`))
    const words = Array.from({ length: random.between(10, 120) }, () => random.next().toString(36).slice(2, 8))
    messages.push(words.join(" "))
  }
  return JSON.stringify({ model: "m", messages })
}

const textOf = (random: SeededRandom): string =>
  `${random.next().toString(36)} and so on, `.repeat(random.between(1, random.next() < 0.1 ? 3000 : 60))

const exchangeOf = (text: string, kind: ExchangePart["kind"], counter: number, time: number): ExchangePart => {
  const lines = text.length > 2000 || kind === "request" ? null : [text.length]
  return {
    kind,
    numbering: "request",
    counter,
    time,
    causationId: null,
    type: `crash:${kind}`,
    debug: { schemaVersion: 1, prunedAt: null },
    raw: { schemaVersion: 1, prunedAt: null },
    head: kind === "answer" ? "\"status\":200,\"headers\":{}" : "\"method\":\"POST\",\"url\":\"/\",\"headers\":{}",
    body: { text, encoding: "utf-8", frames: lines === null ? null : { lengths: lines, times: [1] } },
    excerpt: null
  }
}

/** `stateEvent` gives what the tables fold. */
export const factOf = (id: string, stateEvent: (random: SeededRandom) => EventDraft): Fact => {
  const random = new SeededRandom(seedOf(id))
  const time = timeOf(id)
  const sessionId = sessionOf(id)
  const parts: Array<Part> = []
  let counter = random.between(1, 3)
  if (sessionId !== null) {
    parts.push(exchangeOf(conversationUntil(sessionId, turnOf(id)), "request", counter, time))
    counter += 2
  }
  for (let left = random.between(1, random.next() < 0.05 ? mostEvents / 2 : 5); left > 0; left--) {
    if (random.next() < 0.5) {
      const { payload, type } = stateEvent(random)
      parts.push({
        kind: "event",
        numbering: "request",
        counter: counter++,
        time,
        causationId: null,
        type,
        schemaVersion: 1,
        payload
      })
    } else {
      parts.push(exchangeOf(textOf(random), random.pick(["request", "answer"] as const), counter, time))
      counter += 2
    }
  }
  return {
    tenant: "",
    requestId: id,
    sessionId,
    parentSessionId: null,
    principal: null,
    call: null,
    debugBytes: 300,
    parts
  }
}

/** The event of a fact that has this id. */
export const eventIn = (fact: Fact, id: string): EventDraft => {
  const [event] = FactEvents.derive(fact, { stream: "", version: 1, position: 1 }, (head) => head.id === id)
  if (event === undefined) throw new Error(`${id} is no event of its fact`)
  return event
}
