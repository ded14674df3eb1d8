/** The HTTP benchmark: Strata beside a minimal proxy and the bare upstream, in one run on one machine. */
// @effect-diagnostics *:off
import { availableParallelism, cpus } from "node:os"
import type { HttpOptions } from "./BenchOptions.ts"
import * as Budget from "./Budget.ts"
import type { Cell } from "./Cell.ts"
import { canPin } from "./ChildProcess.ts"
import { type Footprint, measureFootprints } from "./Footprint.ts"
import { LoadProcess } from "./LoadProcess.ts"
import { formatReport, formatShort, type Report } from "./Report.ts"
import { runRound } from "./Round.ts"
import { type RunContext, type ServerFigures, startServers, stopServers } from "./Servers.ts"
import type { Suite, SuiteContext, SuiteResult } from "./Suite.ts"
import { cpuRatios, lowerQuartile, measuredOf, medians, ratios } from "./Summary.ts"
import { startVendor } from "./Targets.ts"

interface Results {
  readonly cells: ReadonlyArray<Cell>
  readonly servers: ReadonlyArray<ServerFigures>
  readonly footprints: ReadonlyArray<Footprint>
  readonly notes: ReadonlyArray<string>
}

const measure = async (options: HttpOptions, { folder, progress }: SuiteContext): Promise<Results> => {
  const deadline = options.short ? performance.now() + shortSeconds * 1000 : Infinity
  const { upstream, upstreamPort } = await startVendor("feeding-upstream", folder)
  const load = new LoadProcess(folder)
  const notes = new Set<string>()
  const note = (text: string): void => {
    notes.add(text)
    progress(text)
  }
  const context: RunContext = { options, load, upstream, upstreamPort, folder, progress, note }
  const running = await startServers(context)
  const cells: Array<Cell> = []
  for (let round = 1; round <= options.rounds && (round === 1 || performance.now() < deadline); round += 1) {
    cells.push(...await runRound(round, context, running))
  }
  const servers = await stopServers(context, running)
  const counts = !options.short && options.targets.includes("strata")
  if (counts) progress("footprints")
  const { connections, modes } = options
  const footprints = counts ? await measureFootprints({ load, upstreamPort, folder, modes, connections }) : []
  await load.stop()
  await upstream.stop()
  return { cells, servers, footprints, notes: [...notes] }
}

/** Rounds begin within this time, the start and the warming up included. */
const shortSeconds = 45

const short = async (given: HttpOptions, context: SuiteContext): Promise<SuiteResult> => {
  const options: HttpOptions = { ...given, connections: [100], targets: ["proxy", "strata"], warm: shortWarm(given) }
  const { cells, notes } = await measure(options, context)
  const budget = Budget.read().short
  const figures = options.modes.map((mode): Budget.Figure & { readonly all: ReadonlyArray<number> } => {
    const all = cpuRatios(cells, mode, 100)
    return { name: `${mode} at 100: CPU to the proxy's`, value: lowerQuartile(all), limit: budget[mode], all }
  })
  return {
    text: formatShort(figures, notes),
    figures: { figures, everyCell: cells },
    exceeded: Budget.exceeded(figures)
  }
}

const shortWarm = ({ warm }: HttpOptions): number => Math.min(warm, 4000)

export const httpSuite: Suite = async (context) => {
  const { options: given } = context
  const [seconds, rounds] = given.short ? [1, 8] : [5, 3]
  const options: HttpOptions = { ...given, seconds: given.seconds ?? seconds, rounds: given.rounds ?? rounds }
  if (options.short) return short(options, context)
  const { cells, notes, servers, footprints } = await measure(options, context)
  const measured = measuredOf(cells, footprints)
  const strata = servers.find(({ target }) => target === "strata")
  const figures = strata === undefined ? [] : Budget.figuresOf(Budget.read(), measured, strata)
  const report: Report = {
    machine: `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`,
    node: process.version,
    pinned: canPin,
    seconds: options.seconds,
    rounds: options.rounds,
    servers,
    cells: medians(cells),
    ratios: [...ratios(cells, "strata", "proxy"), ...ratios(cells, "upstream", "proxy")],
    measured,
    figures,
    notes
  }
  return {
    text: formatReport(report),
    figures: { ...report, everyCell: cells },
    exceeded: Budget.exceeded(figures)
  }
}
