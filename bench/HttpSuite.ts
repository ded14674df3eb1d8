/** The HTTP benchmark: Strata beside a minimal proxy and the bare upstream, in one run on one machine. */
// @effect-diagnostics *:off
import { availableParallelism, cpus } from "node:os"
import type { HttpOptions } from "./BenchOptions.ts"
import { canPin, ChildProcess, freePort } from "./ChildProcess.ts"
import { LoadProcess } from "./LoadProcess.ts"
import { formatReport, type Report } from "./Report.ts"
import { type RoundResult, runRound } from "./Round.ts"
import type { Suite } from "./Suite.ts"
import { goals, medians, ratios, serverMedians } from "./Summary.ts"
import { upstreamScript } from "./Targets.ts"

const runRounds = async (
  options: HttpOptions,
  folder: string,
  progress: (text: string) => void
): Promise<Array<RoundResult>> => {
  const upstreamPort = await freePort()
  const upstream = new ChildProcess({
    name: "feeding-upstream",
    script: upstreamScript,
    arguments: [String(upstreamPort)],
    core: 0,
    folder,
    channel: true
  })
  await upstream.ready(`http://127.0.0.1:${upstreamPort}/v1/models`)
  const load = new LoadProcess(folder)
  const rounds: Array<RoundResult> = []
  for (let round = 1; round <= options.rounds; round += 1) {
    rounds.push(await runRound(round, { options, load, upstream, upstreamPort, folder, progress }))
  }
  await load.stop()
  await upstream.stop()
  return rounds
}

export const httpSuite: Suite = async ({ folder, options: given, progress }) => {
  const options: HttpOptions = { ...given, seconds: given.seconds ?? 5, rounds: given.rounds ?? 3 }
  const rounds = await runRounds(options, folder, progress)
  const cells = rounds.flatMap((round) => round.cells)
  const report: Report = {
    machine: `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`,
    node: process.version,
    pinned: canPin,
    seconds: options.seconds,
    rounds: options.rounds,
    servers: serverMedians(rounds.flatMap((round) => round.servers)),
    cells: medians(cells),
    ratios: [...ratios(cells, "strata", "proxy"), ...ratios(cells, "upstream", "proxy")],
    goals: goals(cells, options.modes),
    notes: [...new Set(rounds.flatMap((round) => round.notes))]
  }
  return {
    text: formatReport(report),
    figures: { ...report, everyCell: cells, everyServer: rounds.flatMap((round) => round.servers) }
  }
}
