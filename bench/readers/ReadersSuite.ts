/** The suite of readers: followers beside the server, and a long log read by type and by session. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import { openLog } from "../log/OpenLog.ts"
import { recordTraffic } from "../log/RecordedTraffic.ts"
import type { Suite } from "../Suite.ts"
import { formatNumber, Table } from "../Table.ts"
import { fillWithFacts, readFacts } from "./FactSource.ts"
import type { Followed } from "./FollowSuite.ts"
import { measureFollowers } from "./FollowSuite.ts"
import type { ReadRate } from "./ReadRate.ts"
import { filters, measureRead, measureSessions } from "./ReadRate.ts"

/** One in so many sessions is read. */
const sessionsApart = 4

const measureReads = async (
  folder: string,
  events: number,
  progress: (text: string) => void
): Promise<ReadonlyArray<ReadRate>> => {
  const source = readFacts((await recordTraffic(path.join(folder, "templates"), 10, 1)).dataFolder)
  const own = path.join(folder, "log")
  fs.mkdirSync(own)
  const log = openLog({ folder: own, access: "write" })
  progress(`readers: a log of ${events} events`)
  const sessions = await fillWithFacts(log, source, events)
  const rates: Array<ReadRate> = []
  for (const filter of filters) {
    progress(`readers: ${JSON.stringify(filter)}`)
    rates.push(await measureRead(log, filter))
  }
  progress("readers: by session")
  rates.push(await measureSessions(log, sessions.filter((_, index) => index % sessionsApart === 0)))
  await log.dispose()
  fs.rmSync(own, { recursive: true, force: true })
  return rates
}

const followedRow = (followed: Followed, alone: Followed | undefined): ReadonlyArray<string> => {
  const { followerCpu, lag, name, requestsPerSecond, serverCpu } = followed
  const added = Math.max(0, serverCpu - (alone?.serverCpu ?? Number.NaN))
  const total = added + (Number.isNaN(followerCpu) ? 0 : followerCpu)
  return [
    name,
    formatNumber(requestsPerSecond),
    formatNumber(serverCpu),
    formatNumber(followerCpu),
    name === "nobody" ? "-" : formatNumber(total / (alone?.serverCpu ?? Number.NaN), 2),
    formatNumber(lag?.events ?? Number.NaN),
    formatNumber(lag?.p50 ?? Number.NaN),
    formatNumber(lag?.p99 ?? Number.NaN),
    formatNumber(lag?.most ?? Number.NaN)
  ]
}

const readRow = ({ events, name, passedPerSecond, readPerSecond, seconds }: ReadRate): ReadonlyArray<string> => [
  name,
  formatNumber(events),
  formatNumber(seconds, 2),
  formatNumber(passedPerSecond),
  formatNumber(readPerSecond)
]

export const readersSuite: Suite = async ({ folder, options, progress }) => {
  const followed = await measureFollowers(folder, options.seconds ?? 10, progress)
  const reads = await measureReads(folder, options.events, progress)
  const [alone] = followed
  return {
    text: [
      Table(
        "half the most requests, followed by | req/s | server us/req | follower us/req | follower to server | events | "
          + "behind ms: p50 | p99 | most",
        1,
        followed.map((each) => followedRow(each, alone))
      ),
      "follower to server: CPU that the follower takes, in its own process and in the server, to that of the server alone",
      Table("read | events | CPU s | events passed/CPU s | events read/CPU s", 1, reads.map(readRow))
    ].join("\n\n"),
    figures: { followed, reads }
  }
}
