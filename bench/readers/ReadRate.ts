/** What it costs to read a long log, in CPU time: all of it, by type, and session by session. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import type { Filter } from "../../src/events/log/EventLog.ts"
import { EventLog } from "../../src/events/log/EventLog.ts"
import type { OpenLog } from "../log/OpenLog.ts"

export interface ReadRate {
  readonly name: string
  /** Events that were read. */
  readonly events: number
  /** Of CPU: what others do meanwhile does not count. */
  readonly seconds: number
  /** Events of the log that were passed, for each of them. */
  readonly passedPerSecond: number
  readonly readPerSecond: number
}

const pageSize = 1000

export const filters: ReadonlyArray<Filter> = [
  {},
  { level: "default" },
  { types: ["llm:response"] },
  { types: ["llm:response:raw"] },
  { types: ["llm:*"] },
  { types: ["session:start"] }
]

const secondsSince = (before: NodeJS.CpuUsage): number => {
  const { system, user } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const nameOf = ({ level, types }: Filter): string =>
  types?.join(", ") ?? (level === undefined ? "all" : `level ${level}`)

export const measureRead = (log: OpenLog, filter: Filter): Promise<ReadRate> =>
  log.runPromise(Effect.gen(function*() {
    const { head, read } = yield* EventLog
    const logEvents = yield* head
    const before = process.cpuUsage()
    let [events, after] = [0, 0]
    while (true) {
      const page = yield* read({ ...filter, after, limit: pageSize })
      events += page.length
      if (page.length < pageSize) break
      after = page.at(-1)!.position
    }
    const seconds = secondsSince(before)
    return {
      name: nameOf(filter),
      events,
      seconds,
      passedPerSecond: logEvents / seconds,
      readPerSecond: events / seconds
    }
  }))

export const measureSessions = (log: OpenLog, sessions: ReadonlyArray<string>): Promise<ReadRate> =>
  log.runPromise(Effect.gen(function*() {
    const { read } = yield* EventLog
    const before = process.cpuUsage()
    let events = 0
    for (const sessionId of sessions) events += (yield* read({ sessionId, after: 0, limit: pageSize })).length
    const seconds = secondsSince(before)
    return { name: "by session", events, seconds, passedPerSecond: events / seconds, readPerSecond: events / seconds }
  }))
