/** The suite of the event log: append, follow, rebuild and verify, each beside something bare in the same run. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { availableParallelism, cpus } from "node:os"
import * as path from "node:path"
import { apis } from "../../src/apis/Apis.ts"
import type { SuiteContext, SuiteResult } from "../Suite.ts"
import { type AdapterRate, measureAdapters } from "./AdapterRate.ts"
import { type AppendCell, type AppendRate, measureAppend } from "./AppendRate.ts"
import { type CompressionRate, measureCompression, payloadKilobytes } from "./CompressionRate.ts"
import { readDrafts } from "./DraftSource.ts"
import { fillLog } from "./FillLog.ts"
import { type FollowRate, measureFollow } from "./FollowRate.ts"
import { formatLogReport } from "./LogReport.ts"
import { openLog } from "./OpenLog.ts"
import { measureRebuild, type RebuildRate } from "./RebuildRate.ts"
import { recordTraffic } from "./RecordedTraffic.ts"
import { measureVerify, type VerifyRate } from "./VerifyRate.ts"

export interface LogFigures {
  readonly machine: string
  readonly node: string
  readonly seconds: number
  readonly rounds: number
  readonly request: { readonly events: number; readonly characters: number }
  readonly append: ReadonlyArray<AppendRate>
  readonly adapters: ReadonlyArray<AdapterRate>
  readonly follow: ReadonlyArray<FollowRate>
  readonly rebuild: RebuildRate | undefined
  readonly verify: VerifyRate | undefined
  readonly compression: ReadonlyArray<CompressionRate>
  readonly notes: ReadonlyArray<string>
}

const followedEvents = 50_000
const bytesOfEvent = 1500

const measure = async (context: SuiteContext): Promise<LogFigures> => {
  const { options, progress } = context
  const { parts, seconds = 1, rounds = 7 } = options
  const folder = path.join(context.folder, "log")
  const notes: Array<string> = []
  progress("log: recording traffic")
  const source = await readDrafts((await recordTraffic(path.join(folder, "templates"), 10, 1)).dataFolder)

  /** A folder for the work alone. */
  const alone = async <A>(name: string, work: (folder: string) => Promise<A>): Promise<A> => {
    progress(`log: ${name}`)
    const own = path.join(folder, name.replaceAll(" ", "-"))
    fs.mkdirSync(own, { recursive: true })
    try {
      return await work(own)
    } finally {
      fs.rmSync(own, { recursive: true, force: true })
    }
  }

  const cells: Array<AppendCell> = [false, true].flatMap((projections) =>
    options.publishers.map((publishers) => ({ publishers, projections, durability: "normal" as const }))
  )
  for (const publishers of options.publishers) cells.push({ publishers, projections: true, durability: "full" })
  const append: Array<AppendRate> = []
  for (const cell of parts.includes("append") ? cells : []) {
    const name = `append ${cell.publishers} ${cell.projections ? "projections" : "bare"} ${cell.durability}`
    append.push(await alone(name, (folder) => measureAppend(cell, { folder, source, rounds, seconds })))
  }

  const adapters = !parts.includes("postgres")
    ? []
    : await alone("postgres", (folder) => measureAdapters(options.publishers, { folder, source, rounds, seconds }))

  const follow: Array<FollowRate> = []
  if (parts.includes("follow")) {
    await alone("follow", async (folder) => {
      const log = openLog({ folder, access: "write" })
      await fillLog(log, source, followedEvents)
      for (const followers of options.followers) {
        follow.push(await measureFollow(followers, { folder, log, rounds, seconds }))
      }
      await log.dispose()
    })
  }

  const { bavail, bsize } = fs.statfsSync(context.folder)
  const events = Math.min(options.events, Math.floor(bavail * bsize / 2 / bytesOfEvent))
  if (events < options.events) notes.push(`the disk has room for a log of ${events} events only`)
  const rebuild = !parts.includes("rebuild") ? undefined : await alone("rebuild", async (folder) => {
    const log = openLog({ folder, access: "write", projections: apis.projections })
    const written = await fillLog(log, source, events)
    const rate = await measureRebuild(folder, log, written)
    await log.dispose()
    return rate
  })

  const verify = !parts.includes("verify")
    ? undefined
    : await alone("verify", async (folder) => measureVerify(await recordTraffic(folder, 50, 10)))

  const compression: Array<CompressionRate> = []
  for (const kilobytes of parts.includes("compression") ? payloadKilobytes : []) {
    compression.push(await alone(`compression ${kilobytes}`, (folder) => measureCompression(kilobytes, folder, rounds)))
  }

  return {
    machine: `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`,
    node: process.version,
    seconds,
    rounds,
    request: { events: source.eventsOfRequest, characters: source.charactersOfRequest },
    append,
    adapters,
    follow,
    rebuild,
    verify,
    compression,
    notes
  }
}

export const logSuite = async (context: SuiteContext): Promise<SuiteResult> => {
  const figures = await measure(context)
  return { text: formatLogReport(figures), figures }
}
