/** The benchmark: Strata beside a minimal proxy and the bare upstream, in one run on one machine. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { availableParallelism, cpus, tmpdir } from "node:os"
import * as path from "node:path"
import { type BenchOptions, readBenchOptions } from "./BenchOptions.ts"
import { canPin, ChildProcess, freePort } from "./ChildProcess.ts"
import { atExit } from "./Cleanup.ts"
import { LoadProcess } from "./LoadProcess.ts"
import { formatReport, type Report } from "./Report.ts"
import { type RoundResult, runRound } from "./Round.ts"
import { goals, medians, ratios, serverMedians } from "./Summary.ts"
import { upstreamScript } from "./Targets.ts"

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const runRounds = async (options: BenchOptions, folder: string): Promise<Array<RoundResult>> => {
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

const bench = async (options: BenchOptions): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "strata-bench-"))
  const removeFolder = atExit(() => fs.rmSync(folder, { recursive: true, force: true }))
  const rounds = await runRounds(options, folder)
  removeFolder()
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
  process.stdout.write(`${formatReport(report)}\n`)
  if (options.jsonFile !== undefined) {
    fs.writeFileSync(
      options.jsonFile,
      `${
        JSON.stringify({ ...report, everyCell: cells, everyServer: rounds.flatMap((round) => round.servers) }, null, 2)
      }\n`
    )
  }
}

try {
  const options = readBenchOptions(process.argv.slice(2))
  if (typeof options === "string") process.stdout.write(`${options}\n`)
  else await bench(options)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
