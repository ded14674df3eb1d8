/** The suite of the slow consumer: the append rate without it and beside it, and whether it misses anything. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import type { Suite } from "../Suite.ts"
import { median } from "../Summary.ts"
import { formatNumber, Table } from "../Table.ts"
import { readDrafts } from "./DraftSource.ts"
import { recordTraffic } from "./RecordedTraffic.ts"
import { stretchInProcess } from "./SlowInProcess.ts"
import { stretchOverHttp } from "./SlowOverHttp.ts"
import type { Stretch } from "./SlowStretch.ts"

interface Pair {
  readonly kind: string
  readonly without: Stretch
  readonly beside: Stretch
}

const row = ({ beside, kind, without }: Pair): ReadonlyArray<string> => [
  kind,
  formatNumber(without.perSecond),
  formatNumber(beside.perSecond),
  formatNumber(beside.perSecond / without.perSecond, 2),
  formatNumber(without.cpuPerEvent, 1),
  formatNumber(beside.cpuPerEvent, 1),
  formatNumber(without.megabytes),
  formatNumber(beside.megabytes),
  formatNumber(beside.seenInTime),
  formatNumber(beside.caughtUp?.events ?? 0),
  formatNumber(beside.events),
  beside.caughtUp?.complete === true ? "yes" : "NO",
  formatNumber((beside.caughtUp?.events ?? 0) / (beside.caughtUp?.seconds ?? 1))
]

const titles =
  "consumer | ev/s without | ev/s beside | ratio | CPU us/ev | beside | RSS MB without | RSS MB beside | taken in time | read | " +
  "in the log | each once, in order | catch-up ev/s"

export const slowConsumerSuite: Suite = async ({ folder, options, progress }) => {
  const { rounds = 2, seconds = 60 } = options
  progress("slow consumer: recording traffic")
  const traffic = await recordTraffic(path.join(folder, "templates"), 10, 1)
  const source = await readDrafts(traffic.dataFolder)
  const kinds = {
    "in process": (own: string, consumer: boolean) => stretchInProcess(own, source, seconds, consumer),
    "HTTP, socket not read": (own: string, consumer: boolean) => stretchOverHttp(own, seconds, consumer)
  }
  const pairs: Array<Pair> = []
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, stretch] of Object.entries(kinds)) {
      const run = async (consumer: boolean): Promise<Stretch> => {
        progress(`slow consumer: round ${round + 1}, ${kind}, ${consumer ? "beside" : "without"}`)
        const own = path.join(folder, "stretch")
        const result = await stretch(own, consumer)
        fs.rmSync(own, { recursive: true })
        return result
      }
      // The order changes, so that what else the machine does hits both alike.
      const first = await run(round % 2 === 1)
      const second = await run(round % 2 === 0)
      pairs.push(round % 2 === 1 ? { kind, beside: first, without: second } : { kind, without: first, beside: second })
    }
  }
  const ratios = Object.keys(kinds).map((kind) => {
    const own = pairs.filter((pair) => pair.kind === kind)
    const ratio = median(own.map(({ beside, without }) => beside.perSecond / without.perSecond))
    const complete = own.every(({ beside }) => beside.caughtUp?.complete === true)
    return `${kind}: append rate beside a consumer that read nothing for ${seconds} s over the rate without: ${
      formatNumber(ratio, 2)
    }; then it ${complete ? "read every event once, in order" : "MISSED EVENTS"}`
  })
  return { text: [Table(titles, 1, pairs.map(row)), ratios.join("\n")].join("\n\n"), figures: { seconds, pairs } }
}
