/** Makes facts of the size and shape of recorded ones, as many as wanted, each request in a session of its own. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import type { Fact } from "../../src/events/facts/Fact.ts"
import type { Append } from "../../src/events/log/EventLog.ts"
import { EventLog } from "../../src/events/log/EventLog.ts"
import { FactShapes } from "../../src/events/sqlite/FactShapes.ts"
import * as SqliteDatabase from "../../src/events/sqlite/SqliteDatabase.ts"
import { SqliteReader } from "../../src/events/sqlite/SqliteReader.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"
import { streamOf } from "../../src/events/types/SessionStream.ts"
import { SeededRandom } from "../crash/SeededRandom.ts"
import type { OpenLog } from "../log/OpenLog.ts"

const firstTime = 1_763_683_200_000

const requestsInTransaction = 50

export class FactSource {
  /** The facts of requests that had a session to themselves. */
  readonly #requests: ReadonlyArray<ReadonlyArray<Fact>>
  readonly #random = new SeededRandom(1)
  #made = 0

  constructor(recorded: ReadonlyArray<Fact>) {
    this.#requests = [
      ...Map.groupBy(recorded.filter(({ sessionId }) => sessionId !== null), (fact) => fact.sessionId)
        .values()
    ]
  }

  #id(): string {
    const clock = { currentTimeMillisUnsafe: () => firstTime + this.#made }
    const random = { nextDoubleUnsafe: () => this.#random.next() }
    return EventIds.make(clock as Parameters<typeof EventIds.make>[0], random as Parameters<typeof EventIds.make>[1])
  }

  /** The facts of one more request. */
  request(): Append & { readonly sessionId: string } {
    const [requestId, sessionId] = [this.#id(), this.#id()]
    const events = this.#requests[this.#made++ % this.#requests.length]!.map((fact): Fact => ({
      ...fact,
      requestId,
      sessionId,
      call: fact.call === null ? null : { ...fact.call, id: EventIds.ofCall(requestId, fact.call.path) },
      parts: fact.parts.map((part) => ({ ...part, time: firstTime + this.#made }))
    }))
    return { sessionId, stream: streamOf(sessionId), expectedVersion: "any", events }
  }
}

export const readFacts = (dataFolder: string): FactSource => {
  const database = new DatabaseSync(SqliteDatabase.fileOf(dataFolder), { readOnly: true })
  const facts = [...new SqliteReader(database, new FactShapes(database)).facts({ after: 0 })].map(({ fact }) => fact)
  database.close()
  return new FactSource(facts)
}

/** At least so many events; answers with the sessions they stand in. */
export const fillWithFacts = (log: OpenLog, source: FactSource, events: number): Promise<ReadonlyArray<string>> =>
  log.runPromise(Effect.flatMap(EventLog, (log) =>
    Effect.gen(function*() {
      const sessions: Array<string> = []
      while ((yield* log.head) < events) {
        const group = Array.from({ length: requestsInTransaction }, () => source.request())
        for (const { sessionId } of group) sessions.push(sessionId)
        yield* log.commit(group)
        yield* Effect.yieldNow
      }
      return sessions
    })))
