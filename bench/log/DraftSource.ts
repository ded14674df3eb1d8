/** Makes events of the size and shape of recorded ones, as many as wanted, each with an id of its own. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Append } from "../../src/events/log/EventLog.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"
import { openLog } from "./OpenLog.ts"

const firstTime = 1_763_683_200_000

export class DraftSource {
  readonly #requests: ReadonlyArray<ReadonlyArray<RecordedEvent>>
  #made = 0

  /** `recorded`: the events of sessions of one request each. */
  constructor(recorded: ReadonlyArray<RecordedEvent>) {
    const sessions = Map.groupBy(recorded.filter((event) => event.sessionId !== null), ({ sessionId }) => sessionId)
    this.#requests = [...sessions.values()]
  }

  get eventsOfRequest(): number {
    return this.#requests.reduce((sum, { length }) => sum + length, 0) / this.#requests.length
  }

  get charactersOfRequest(): number {
    const characters = this.#requests.flat().reduce((sum, { payload }) => sum + payload.length, 0)
    return characters / this.#requests.length
  }

  /** The events of one more request, in a session of its own, one append each. */
  request(): ReadonlyArray<Append> {
    const number = this.#made++
    const time = firstTime + number
    const requestId = uuid(time)
    const sessionId = uuid(time)
    const template = this.#requests[number % this.#requests.length] ?? []
    return template.map((event, index) => ({
      stream: `session-${sessionId}`,
      expectedVersion: "any",
      events: [{
        ...event,
        id: EventIds.nth(requestId, index + 1),
        time: time + index,
        sessionId,
        requestId: event.requestId && requestId
      }]
    }))
  }

  /** So many appends for each of so many publishers; each publisher works off one request after the other. */
  forPublishers(publishers: number, each: number): ReadonlyArray<ReadonlyArray<Append>> {
    return Array.from({ length: publishers }, () => {
      const appends: Array<Append> = []
      while (appends.length < each) appends.push(...this.request())
      return appends.slice(0, each)
    })
  }
}

/** A UUIDv7 whose last 16 bits are zero. */
const uuid = (time: number): string => {
  const moment = time.toString(16).padStart(12, "0")
  const random = randomBytes(8).toString("hex")
  return `${moment.slice(0, 8)}-${moment.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${
    random.slice(6, 14)
  }0000`
}

/** Takes what a server recorded as the model. */
export const readDrafts = async (dataFolder: string): Promise<DraftSource> => {
  const log = openLog({ folder: dataFolder, access: "read" })
  const events = await log.runPromise(Effect.flatMap(EventHub, (hub) => readAll(hub, {})))
  await log.dispose()
  return new DraftSource(events)
}
