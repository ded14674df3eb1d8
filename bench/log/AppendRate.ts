/** How fast publishers append through the hub, beside bare inserts of the same rows in batches of the same size. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import * as path from "node:path"
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import { apis } from "../../src/apis/Apis.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Append } from "../../src/events/log/EventLog.ts"
import type { Durability } from "../../src/events/log/LogAdapter.ts"
import * as Compression from "../../src/events/sqlite/Compression.ts"
import * as SqliteRows from "../../src/events/sqlite/SqliteRows.ts"
import type { EventDraft } from "../../src/events/types/Envelope.ts"
import { median } from "../Summary.ts"
import type { DraftSource } from "./DraftSource.ts"
import { Commits, openBare, openLog } from "./OpenLog.ts"

export interface AppendCell {
  readonly publishers: number
  readonly projections: boolean
  readonly durability: Durability
}

export interface AppendRate extends AppendCell {
  /** Events per second, medians. */
  readonly hub: number
  /** Rows as they come, payloads as text. */
  readonly bareText: number
  /** Rows as the log stores them: long payloads were compressed before the clock started. */
  readonly bareStored: number
  readonly ratioToText: number
  readonly ratioToStored: number
  /** CPU time of the main thread for an event: hub over bare rows as text. */
  readonly cpuRatio: number
  readonly meanGroup: number
}

export interface AppendOptions {
  readonly folder: string
  readonly source: DraftSource
  readonly rounds: number
  readonly seconds: number
}

type Row = ReadonlyArray<SQLInputValue>

export interface Slice {
  readonly perSecond: number
  readonly cpuPerEvent: number
}

export const timed = async (events: number, work: () => Promise<void> | void): Promise<Slice> => {
  const cpuBefore = process.threadCpuUsage()
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = process.threadCpuUsage(cpuBefore)
  return { perSecond: events / seconds, cpuPerEvent: (cpu.user + cpu.system) / events }
}

export const append = (publishers: ReadonlyArray<ReadonlyArray<Append>>) =>
  Effect.flatMap(EventHub, (hub) =>
    Effect.forEach(
      publishers,
      Effect.fnUntraced(function*(appends) {
        for (const { events, expectedVersion, stream } of appends) yield* hub.append(stream, expectedVersion, events)
      }),
      { concurrency: "unbounded", discard: true }
    ))

/** The rows in the order the hub gets them: the publishers take turns. */
const rowsOf = (publishers: ReadonlyArray<ReadonlyArray<Append>>, before: number, compressed: boolean): Array<Row> => {
  const versions = new Map<string, number>()
  const rows: Array<Row> = []
  for (let turn = 0; turn < (publishers[0]?.length ?? 0); turn += 1) {
    for (const appends of publishers) {
      const { events, stream } = appends[turn]!
      const draft = events[0] as EventDraft
      const version = (versions.get(stream) ?? 0) + 1
      versions.set(stream, version)
      const payload = compressed ? Compression.stored(draft) : draft.payload
      rows.push(SqliteRows.toRow(before + rows.length + 1, stream, version, draft, payload))
    }
  }
  return rows
}

const insertBatches = (database: DatabaseSync, rows: ReadonlyArray<Row>, batch: number): void => {
  const begin = database.prepare("BEGIN IMMEDIATE")
  const commit = database.prepare("COMMIT")
  const insert = database.prepare(SqliteRows.insert)
  for (let start = 0; start < rows.length; start += batch) {
    begin.run()
    for (let index = start; index < Math.min(start + batch, rows.length); index += 1) insert.run(...rows[index]!)
    commit.run()
  }
}

export const warmUpEvents = 2000
export const longestSlice = 100_000

/** Slices of equal work follow each other in every round; each writes to a log of its own, which keeps growing. */
export const measureAppend = async (cell: AppendCell, options: AppendOptions): Promise<AppendRate> => {
  const { folder, rounds, seconds, source } = options
  const { durability, publishers } = cell
  const where = (name: string) => ({ folder: path.join(folder, name), access: "write", durability } as const)
  const commits = new Commits()
  const log = openLog({ ...where("hub"), projections: cell.projections ? apis.projections : [] }, commits)
  const text = await openBare(where("text"))
  const stored = await openBare(where("stored"))
  const slices: Array<{ hub: Slice; text: Slice; stored: Slice; group: number }> = []
  let written = 0

  const round = async (each: number) => {
    const appends = source.forPublishers(publishers, each)
    const events = publishers * each
    const rows = { text: rowsOf(appends, written, false), stored: rowsOf(appends, written, true) }
    written += events
    const groupsBefore = commits.groups
    const hub = await timed(events, () => log.runPromise(append(appends)))
    const group = events / (commits.groups - groupsBefore)
    const batch = Math.max(1, Math.round(group))
    const bare = (database: DatabaseSync, rows: ReadonlyArray<Row>) =>
      timed(events, () => insertBatches(database, rows, batch))
    const first = slices.length % 2 === 0
    const early = first ? await bare(text.database, rows.text) : await bare(stored.database, rows.stored)
    const late = first ? await bare(stored.database, rows.stored) : await bare(text.database, rows.text)
    return { hub, text: first ? early : late, stored: first ? late : early, group }
  }

  let each = Math.ceil(warmUpEvents / publishers)
  const cold = await round(each)
  const warm = await round(Math.ceil(Math.min(0.3 * cold.hub.perSecond, longestSlice) / publishers))
  each = Math.ceil(Math.min(seconds * warm.hub.perSecond, longestSlice) / publishers)
  for (let count = 0; count < rounds; count += 1) slices.push(await round(each))

  await log.dispose()
  await text.close()
  await stored.close()
  const of = (figure: (slice: (typeof slices)[number]) => number) => median(slices.map(figure))
  return {
    ...cell,
    hub: of(({ hub }) => hub.perSecond),
    bareText: of(({ text }) => text.perSecond),
    bareStored: of(({ stored }) => stored.perSecond),
    ratioToText: of(({ hub, text }) => hub.perSecond / text.perSecond),
    ratioToStored: of(({ hub, stored }) => hub.perSecond / stored.perSecond),
    cpuRatio: of(({ hub, text }) => hub.cpuPerEvent / text.cpuPerEvent),
    meanGroup: of(({ group }) => group)
  }
}
