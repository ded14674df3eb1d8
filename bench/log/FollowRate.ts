/** How fast followers read a full log, beside a bare loop that selects its pages. */
// @effect-diagnostics *:off
import { Effect, Stream } from "effect"
import type { DatabaseSync } from "node:sqlite"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { median } from "../Summary.ts"
import { openBare, type OpenLog } from "./OpenLog.ts"

export interface FollowRate {
  readonly followers: number
  /** Events per second, all followers together, medians. */
  readonly sum: number
  readonly each: number
  readonly bare: number
  /** The sum over the bare loop. */
  readonly ratio: number
}

export interface FollowOptions {
  readonly folder: string
  readonly log: OpenLog
  readonly rounds: number
  readonly seconds: number
}

const pageSize = 256

/** All followers read the log to its end, again and again, until the time is over. */
const follow = async (log: OpenLog, followers: number, seconds: number): Promise<number> => {
  let read = 0
  const startedAt = performance.now()
  await log.runPromise(Effect.gen(function*() {
    const hub = yield* EventHub
    const head = yield* hub.head
    const toTheEnd = hub.follow({}).pipe(
      Stream.takeUntil(({ position }) => position === head),
      Stream.runForEachArray((events) => Effect.sync(() => read += events.length))
    )
    yield* Effect.forEach(Array.from({ length: followers }), () => Effect.forever(toTheEnd), {
      concurrency: "unbounded",
      discard: true
    }).pipe(Effect.timeoutOption(`${seconds} seconds`))
  }))
  return read / (performance.now() - startedAt) * 1000
}

const selectPages = (database: DatabaseSync, seconds: number): number => {
  const select = database.prepare("SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?")
  const startedAt = performance.now()
  let [read, after] = [0, 0]
  while (performance.now() - startedAt < seconds * 1000) {
    const rows = select.all(after, pageSize)
    read += rows.length
    after = rows.length < pageSize ? 0 : Number(rows.at(-1)?.["position"])
  }
  return read / (performance.now() - startedAt) * 1000
}

export const measureFollow = async (followers: number, options: FollowOptions): Promise<FollowRate> => {
  const { folder, log, rounds, seconds } = options
  const { close, database } = await openBare({ folder, access: "read" })
  selectPages(database, 0.3)
  await follow(log, followers, 0.3)
  const slices: Array<{ sum: number; bare: number }> = []
  for (let count = 0; count < rounds; count += 1) {
    slices.push({ sum: await follow(log, followers, seconds), bare: selectPages(database, seconds) })
  }
  await close()
  const sum = median(slices.map(({ sum }) => sum))
  return {
    followers,
    sum,
    each: sum / followers,
    bare: median(slices.map(({ bare }) => bare)),
    ratio: median(slices.map(({ bare, sum }) => sum / bare))
  }
}
