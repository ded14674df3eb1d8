/** The events of the crash test: all of an event follows from its id, so that it can be checked against it. */
// @effect-diagnostics *:off
import type { Appendable, Fact } from "../../src/events/facts/Fact.ts"
import * as FactEvents from "../../src/events/facts/FactEvents.ts"
import type { ExpectedVersion } from "../../src/events/log/EventLog.ts"
import type { AnyProjection } from "../../src/events/projections/Projection.ts"
import type { EventDraft } from "../../src/events/types/Envelope.ts"
import { balances, closed, moved, opened, owners } from "../../test/support/Accounts.ts"
import { draft } from "../../test/support/EventDrafts.ts"
import * as CrashFacts from "./CrashFacts.ts"
import { SeededRandom, seedOf } from "./SeededRandom.ts"

/** One append, as the writer tries it and as it is tried again. */
export interface Attempt {
  readonly stream: string
  readonly expectedVersion: ExpectedVersion
  readonly ids: ReadonlyArray<string>
}

/** The version is raised to have the tables built anew when the log is opened. */
export const projectionsOf = (version: number): ReadonlyArray<AnyProjection> => [
  { ...balances, version },
  { ...owners, version }
]

const accounts = 300
const longestText = 40_000

export const idOf = (round: number, fiber: number, number: number, time: number, heavy: boolean): string =>
  `${heavy ? "heavy" : "event"}-${round}-${fiber}-${number}-${time}`

/** Text that compresses to about a half, as long as asked for. */
const textOf = (random: SeededRandom, length: number): string => {
  let text = ""
  while (text.length < length) text += `${random.next().toString(36)} and so on, `
  return text.slice(0, length)
}

const stateEvent = (random: SeededRandom): EventDraft => {
  const account = `account-${random.between(1, accounts)}`
  const kind = random.next()
  if (kind < 0.25) return opened(account, random.next() < 0.2 ? null : `owner-${random.between(1, 20)}`)
  return kind < 0.95 ? moved(account, random.between(-100, 100)) : closed(account)
}

let lastFact: Fact | undefined

/** The events of one are asked for one after the other. */
const fact = (requestId: string): Fact => {
  if (lastFact?.requestId !== requestId) lastFact = CrashFacts.factOf(requestId, stateEvent)
  return lastFact
}

/** The ids of the events of a fact, made for a request of this name. */
export const idsOfFact = (...name: Parameters<typeof CrashFacts.requestIdOf>): ReadonlyArray<string> =>
  FactEvents.idsOf(fact(CrashFacts.requestIdOf(...name)))

/** A turn of a conversation, as what is appended to its session's stream. */
export const turnOf = (...name: Parameters<typeof CrashFacts.turnIdOf>) => {
  const request = CrashFacts.turnIdOf(...name)
  return { stream: CrashFacts.streamOfTurn(request), ids: FactEvents.idsOf(fact(request)) }
}

/** What is appended: events, and a fact for the ids of one. */
export const appendablesOf = (ids: ReadonlyArray<string>): ReadonlyArray<Appendable> => {
  const appended: Array<Appendable> = []
  let last: string | undefined
  for (const id of ids) {
    const request = CrashFacts.requestOf(id)
    if (request === undefined) appended.push(eventOf(id))
    else if (request !== last) appended.push(fact(request))
    last = request
  }
  return appended
}

export const eventOf = (id: string): EventDraft => {
  const request = CrashFacts.requestOf(id)
  if (request !== undefined) return CrashFacts.eventIn(fact(request), id)
  const random = new SeededRandom(seedOf(id))
  const time = Number(id.split("-").at(-1))
  if (!id.startsWith("heavy") && random.next() < 0.5) return { ...stateEvent(random), id, time }
  const level = id.startsWith("heavy") ? "raw" : random.pick(["default", "debug", "raw", "raw"] as const)
  const length = id.startsWith("heavy")
    ? 200_000
    : level === "raw" && random.next() < 0.2
    ? random.between(10_000, longestText)
    : random.between(1, 2000)
  const ids = { sessionId: `session-${random.between(1, 50)}`, requestId: `request-${random.between(1, 500)}` }
  return draft({
    type: `crash:seen:${level}`,
    level,
    payload: JSON.stringify(textOf(random, length)),
    ...ids,
    id,
    time
  })
}
