/** Responses beside chat completions of the same server: passed to a vendor that has them, and made over one that has not. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import * as Budget from "./Budget.ts"
import { type Cell, measureCell } from "./Cell.ts"
import { type Footprint, measureFootprints } from "./Footprint.ts"
import { LoadProcess } from "./LoadProcess.ts"
import { failures } from "./Servers.ts"
import type { Suite } from "./Suite.ts"
import { cpuRatios, lowerQuartile, medians } from "./Summary.ts"
import { formatNumber, Table } from "./Table.ts"
import { startTarget, startVendor, type Target } from "./Targets.ts"

const chat = "chat"
const passed = "responses, passed"
const made = "responses, over chat"
const proxied = "proxy, chat"
const proxiedResponses = "proxy, responses"

const connections = 100

const ofProxy = (proxy: Target): ReadonlyArray<Target> => [
  { ...proxy, name: proxied },
  { ...proxy, name: proxiedResponses, operation: "responses" }
]

const ofStrata = (strata: Target): ReadonlyArray<Target> => [
  { ...strata, name: chat },
  { ...strata, name: passed, operation: "responses", model: "native/bench-model" },
  { ...strata, name: made, operation: "responses" }
]

const comparisons = [
  { name: "chat to the proxy", pair: [chat, proxied], limit: undefined },
  { name: "passed to the proxy", pair: [passed, proxiedResponses], limit: undefined },
  { name: "passed to chat", pair: [passed, chat], limit: "passed" },
  { name: "over chat to chat", pair: [made, chat], limit: "overChat" }
] as const

export const responsesSuite: Suite = async ({ folder, options, progress }) => {
  const { modes, rounds = 5, seconds = 2, warm } = options
  const { upstream, upstreamPort } = await startVendor("responses-upstream", folder)
  const load = new LoadProcess(folder)
  const own = path.join(folder, "responses")
  fs.mkdirSync(own)
  const proxy = await startTarget("proxy", upstreamPort, own)
  const strata = await startTarget("strata", upstreamPort, own, { isNative: true })
  const workloads = [...ofProxy(proxy), ...ofStrata(strata)]
  for (const workload of workloads) {
    for (const mode of modes) {
      progress(`warm up: ${workload.name} ${mode}`)
      await load.open(workload, mode, connections)
      const result = await load.warm(Math.ceil(warm / 4))
      await load.close()
      if (result.requests === 0) throw new Error(`${workload.name} ${mode}: ${failures(result)}`)
    }
  }
  const cells: Array<Cell> = []
  for (let round = 1; round <= rounds; round += 1) {
    for (const mode of modes) {
      for (const target of workloads) {
        progress(`round ${round}: ${target.name} ${mode}`)
        const cell = await measureCell(load, { round, target, mode, connections, seconds, upstreamPid: upstream.pid })
        if (cell.errors > 0) throw new Error(`${target.name} ${mode}: ${failures(cell)}`)
        cells.push(cell)
      }
    }
  }
  await proxy.process.stop()
  await strata.process.stop()
  progress("footprints")
  const footprints = await measureFootprints({
    load,
    upstreamPort,
    folder: own,
    modes,
    connections: [connections],
    workloads: ofStrata,
    isNative: true
  })
  await load.stop()
  await upstream.stop()
  const budget = Budget.read().responses
  const figures = modes.flatMap((mode) =>
    comparisons.map(({ limit, name, pair }): Budget.Figure => ({
      name: `${mode}: CPU of responses, ${name}`,
      value: lowerQuartile(cpuRatios(cells, mode, connections, pair)),
      limit: limit === undefined ? undefined : budget[mode][limit]
    }))
  )
  const storedOf = ({ mode, target }: Pick<Cell, "mode" | "target">): Footprint | undefined =>
    footprints.find((each) => each.mode === mode && each.target === target)
  const rows = medians(cells).map((cell) => [
    `${cell.mode}`,
    cell.target,
    formatNumber(cell.cpuPerRequest),
    formatNumber(cell.p50, 1),
    formatNumber(storedOf(cell)?.storedBytesPerRequest ?? Number.NaN),
    formatNumber(storedOf(cell)?.statementsPerRequest ?? Number.NaN, 1)
  ])
  return {
    text: [
      Table("mode | asked | CPU us/req | p50 ms | stored B | statements", 2, rows),
      Table(
        "figure | measured | most",
        1,
        figures.map(({ limit, name, value }) => [
          name,
          formatNumber(value, 2),
          limit === undefined ? "" : formatNumber(limit, 2)
        ])
      )
    ].join("\n\n"),
    figures: { figures, footprints, everyCell: cells },
    exceeded: Budget.exceeded(figures)
  }
}
