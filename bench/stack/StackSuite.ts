/** The suite of the resolver: a stack of 200 providers beside a stack of one. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { availableParallelism, cpus } from "node:os"
import * as path from "node:path"
import type { Suite } from "../Suite.ts"
import { median } from "../Summary.ts"
import { formatMilliseconds, formatNumber, Table } from "../Table.ts"
import { measureServerStart } from "./ServerStart.ts"
import { measureLeftHandles, measureStackStart, providerMilliseconds } from "./StackStart.ts"

const many = 200
const limit = 3

interface Row {
  readonly name: string
  readonly one: number
  readonly many: number
  readonly ratio: number
}

/** Both in every round, right after each other; the ratio is that of a round, then the median. */
const compare = async (
  name: string,
  rounds: number,
  measure: (count: number, round: number) => Promise<number>
): Promise<Row> => {
  const pairs: Array<{ readonly one: number; readonly many: number }> = []
  for (let round = 0; round <= rounds; round++) {
    const pair = { one: await measure(1, round), many: await measure(many, round) }
    // The first one warms up.
    if (round > 0) pairs.push(pair)
  }
  return {
    name,
    one: median(pairs.map((pair) => pair.one)),
    many: median(pairs.map((pair) => pair.many)),
    ratio: median(pairs.map((pair) => pair.many / pair.one))
  }
}

export const stackSuite: Suite = async ({ folder, options, progress }) => {
  const rounds = options.rounds ?? 7
  progress("stack: in this process")
  const stack = await compare(`stack, ${providerMilliseconds} ms each`, rounds, measureStackStart)
  const left = await measureLeftHandles(many)
  progress("stack: strata serve")
  const server = await compare("strata serve", rounds, (count, round) => {
    const own = path.join(folder, `stack-${count}-${round}`)
    fs.mkdirSync(own)
    return measureServerStart(count, own)
  })
  const rows = [stack, server]
  const table = Table(
    `start | 1 provider ms | ${many} providers ms | ratio | below ${limit}`,
    1,
    rows.map((row) => [
      row.name,
      formatMilliseconds(row.one),
      formatMilliseconds(row.many),
      formatNumber(row.ratio, 2),
      row.ratio < limit ? "yes" : "NO"
    ])
  )
  const handles = `a start of ${many} that fails in one leaves ${left} open ports`
  const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`
  return { text: `${table}\n${handles}`, figures: { machine, node: process.version, rounds, rows, leftHandles: left } }
}
