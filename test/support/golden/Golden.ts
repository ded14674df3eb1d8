/**
 * The run: random traffic goes through a server whose log is a SQLite file, and through the oracle; what is read of the
 * log is held against the oracle's rows, field by field.
 */
import { Effect } from "effect"
import { SeededRandom } from "../../../bench/crash/SeededRandom.ts"
import type { EventHub } from "../../../src/events/log/EventHub.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { matches } from "../EventDrafts.ts"
import { ExpectedRows } from "./ExpectedRows.ts"
import type { Difference } from "./FieldDifference.ts"
import * as GoldenClient from "./GoldenClient.ts"
import * as GoldenServer from "./GoldenServer.ts"
import * as GoldenVendor from "./GoldenVendor.ts"
import * as RecordingTap from "./RecordingTap.ts"
import * as Scenario from "./Scenario.ts"
import * as TickingClock from "./TickingClock.ts"

export interface GoldenOptions {
  readonly requests: number
  readonly seed: number
  /** Requests for each server, which has a configuration and a log of its own. */
  readonly requestsOfPart?: number
  /** Changes what is read, to see that it is found. */
  readonly change?: (event: RecordedEvent) => RecordedEvent
  readonly progress?: (text: string) => void
}

export interface GoldenResult {
  readonly sent: number
  /** Those that are recorded: the server's own too, and none of a client that left before it was read. */
  readonly requests: number
  readonly events: number
  /** How many events of each type were compared. */
  readonly types: ReadonlyMap<string, number>
  /** Events that were found again by id, request, type and level. */
  readonly lookups: number
  /** Events that no request has made. */
  readonly others: number
  readonly difference: Difference | undefined
}

const together = 8
const batch = 200
const pageSize = 500

/** How long the log may take to show what was recorded, in tenths of a second. */
const patience = 100

interface Part {
  readonly rows: ExpectedRows
  readonly lookups: number
  readonly difference: Difference | undefined
}

/** What is found of a page by other ways is what the page has of it. */
const lookUp = Effect.fnUntraced(
  function*(hub: EventHub["Service"], random: SeededRandom, page: ReadonlyArray<RecordedEvent>) {
    const event = random.pick(page)
    const after = page[0]!.position - 1
    const filter = random.pick([
      { id: event.id },
      { requestId: event.requestId ?? "none" },
      { types: [event.type] },
      { level: event.level, stream: event.stream },
      { provider: event.provider ?? "plain", types: ["llm:*"] }
    ])
    const upTo = page.at(-1)!.position
    const found = (yield* hub.read({ ...filter, after, limit: pageSize })).filter(({ position }) => position <= upTo)
    const expected = page.filter(matches(filter))
    const differs = expected.length !== found.length ||
      expected.some((each, index) => JSON.stringify(each) !== JSON.stringify(found[index]))
    const difference: Difference | undefined = differs
      ? {
        request: event.requestId ?? "none",
        type: event.type,
        path: `read by ${JSON.stringify(filter)}`,
        expected: expected.map(({ position }) => position),
        found: found.map(({ position }) => position)
      }
      : undefined
    return { count: found.length, difference }
  }
)

const runPart = Effect.fnUntraced(function*(options: GoldenOptions, part: number, numbers: ReadonlyArray<number>) {
  const { change = (event: RecordedEvent) => event, seed } = options
  const random = new SeededRandom(seed + part)
  const clock = TickingClock.make(new SeededRandom(seed - part))
  const rows = new ExpectedRows()
  yield* Effect.acquireRelease(Effect.sync(() => RecordingTap.install(rows, clock)), (remove) => Effect.sync(remove))
  const vendor = yield* GoldenVendor.make(seed)
  const server = yield* GoldenServer.make(seed, part, vendor.url, clock)
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => GoldenClient.make(server, seed)),
    ({ close }) => Effect.sync(close)
  )
  let after = 0
  let lookups = 0
  const compareNext: Effect.Effect<Difference | number> = Effect.gen(function*() {
    const page = yield* server.hub.read({ after, limit: pageSize })
    for (const event of page) {
      const difference = rows.compare(change(event))
      if (difference !== undefined) return difference
    }
    if (page.length === 0) return 0
    after = page.at(-1)!.position
    const looked = yield* lookUp(server.hub, random, page)
    lookups += looked.count
    return looked.difference ?? page.length
  }).pipe(Effect.orDie)
  /** Until the log has shown all that was recorded so far. */
  const compareAll = Effect.gen(function*() {
    for (let empty = 0; empty < patience;) {
      const compared = yield* compareNext
      if (typeof compared !== "number") return compared
      if (compared > 0) continue
      if (rows.open === 0) return undefined
      empty++
      yield* Effect.sleep("100 millis")
    }
    return rows.missing()
  })
  let difference: Difference | undefined
  for (let from = 0; from < numbers.length && difference === undefined; from += batch) {
    const scenarios = numbers.slice(from, from + batch).map((number) => Scenario.of(seed, number))
    yield* Effect.forEach(scenarios, client.ask, { concurrency: together, discard: true })
    difference = yield* compareAll
  }
  return { rows, lookups, difference } satisfies Part as Part
}, Effect.scoped)

export const run = Effect.fnUntraced(function*(options: GoldenOptions) {
  const { progress = () => undefined, requests, requestsOfPart = 1000 } = options
  const types = new Map<string, number>()
  const result = {
    sent: 0,
    requests: 0,
    events: 0,
    types,
    lookups: 0,
    others: 0,
    difference: undefined as Difference | undefined
  }
  for (let first = 0; first < requests && result.difference === undefined; first += requestsOfPart) {
    const count = Math.min(requestsOfPart, requests - first)
    const part = yield* runPart(
      options,
      first / requestsOfPart,
      Array.from({ length: count }, (_, index) => first + index)
    )
    for (const [type, compared] of part.rows.compared) {
      types.set(type, (types.get(type) ?? 0) + compared)
      result.events += compared
    }
    result.sent += count
    result.requests += part.rows.requests
    result.lookups += part.lookups
    result.others += part.rows.others
    result.difference = part.difference
    progress(`${first + count} requests, ${result.events} events`)
  }
  return result satisfies GoldenResult as GoldenResult
})
