/** The rounds: servers do what is submitted, one of them is killed, another goes on; at last all of it is looked at. */
// @effect-diagnostics *:off
import { setTimeout as sleep } from "node:timers/promises"
import { WorkProjection } from "../../../src/kernel/work/WorkProjection.ts"
import { SeededRandom } from "../SeededRandom.ts"
import { open, type Place } from "../Stores.ts"
import { streamOf } from "./PieceKind.ts"
import { startResponseServer } from "./ResponseServers.ts"
import { countsOf, problems, responseStreams } from "./WorkCheck.ts"
import { startServer, type WorkServer } from "./WorkServers.ts"
import { startVendor } from "./WorkVendor.ts"

export interface WorkOptions {
  readonly rounds: number
  readonly seed: number
  readonly place: Place
  /** What the work is: pieces of a kind of its own, or background responses of whole servers. */
  readonly kind: "piece" | "response" | "batch"
  /** That share the log. */
  readonly servers: number
  readonly progress: (text: string) => void
}

export interface WorkResult {
  readonly rounds: number
  readonly kills: number
  readonly pieces: number
  readonly attempts: number
  readonly calls: number
  readonly seconds: number
}

const piecesARound = 12
const concurrency = 4

/** Longest wait for the end of all pieces, milliseconds. */
const longestEnd = 180_000

const streamsIn = async (place: Place): Promise<ReadonlyMap<string, string>> => {
  const store = open(place, [WorkProjection])
  return responseStreams(store).finally(() => store.dispose())
}

const callsIn = (calls: ReadonlyMap<string, number>): number => [...calls.values()].reduce((sum, each) => sum + each, 0)

/** Longest wait for the first call of a round, milliseconds. */
const longestBeginning = 30_000

const callsBeyond = async (calls: ReadonlyMap<string, number>, before: number): Promise<void> => {
  const startedAt = performance.now()
  while (callsIn(calls) <= before) {
    if (performance.now() - startedAt > longestBeginning) throw new Error("nobody does what was submitted")
    await sleep(5)
  }
}

/** With one server on SQLite the log is its alone: it is read when that has gone. */
const waitForEnds = async (
  { place }: WorkOptions,
  stop: () => Promise<void>,
  acknowledged: ReadonlySet<string>,
  calls: ReadonlyMap<string, number>
) => {
  const startedAt = performance.now()
  if (place.log === "sqlite") {
    let before = -1
    // Whoever has called for all, and calls no more, is done but for what it writes.
    while (performance.now() - startedAt < longestEnd) {
      const all = callsIn(calls)
      if (all === before && [...acknowledged].every((id) => calls.has(id))) break
      before = all
      await sleep(2000)
    }
    await stop()
  }
  const store = open(place, [WorkProjection])
  try {
    while (true) {
      const counts = await countsOf(store)
      const isOver = [...counts.values()].every(({ ended }) => ended > 0)
      if (isOver || place.log === "sqlite" || performance.now() - startedAt > longestEnd) return counts
      await sleep(500)
    }
  } finally {
    await store.dispose()
  }
}

export const workRounds = async (options: WorkOptions): Promise<WorkResult> => {
  const { place, progress, rounds, seed } = options
  const random = new SeededRandom(seed)
  const vendor = await startVendor(random)
  const acknowledged = new Set<string>()
  const running: Array<WorkServer> = []
  const startedAt = performance.now()
  const start = options.kind === "piece" ? startServer : startResponseServer
  const task = { place, vendor: vendor.url, concurrency }
  const fill = async () => {
    while (running.length < options.servers) {
      running.push(await start(task, (workId) => void acknowledged.add(workId)))
    }
  }
  let kills = 0
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await fill()
      for (let piece = 0; piece < piecesARound; piece += 1) {
        running[random.between(0, running.length - 1)]!.submit(`r${round}-${piece}`, round)
      }
      // Some are killed before they have begun, most of them in the middle of it.
      if (random.next() < 0.8) await callsBeyond(vendor.calls, callsIn(vendor.calls))
      await sleep(random.between(0, 400))
      const [victim] = running.splice(random.between(0, running.length - 1), 1)
      if (!victim!.isAlive()) throw new Error("a server ended by itself")
      await victim!.kill()
      kills += 1
      progress(`round ${round}: killed; ${acknowledged.size} pieces acknowledged, ${vendor.calls.size} called for`)
    }
    await fill()
    const stop = async () => void await Promise.all(running.splice(0).map((server) => server.kill()))
    const counts = await waitForEnds(options, stop, acknowledged, vendor.calls)
    await stop()
    const streams = options.kind === "piece" ? undefined : await streamsIn(place)
    const of = streams === undefined ? streamOf : (workId: string) => streams.get(workId) ?? workId
    const wrong = problems({ counts, acknowledged, calls: vendor.calls, streamOf: of, kills, concurrency })
    if (wrong.length > 0) throw new Error(wrong.join("\n"))
    return {
      rounds,
      kills,
      pieces: counts.size,
      attempts: [...counts.values()].reduce((sum, { started }) => sum + started, 0),
      calls: callsIn(vendor.calls),
      seconds: (performance.now() - startedAt) / 1000
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    await Promise.all(running.map((server) => server.kill()))
    await vendor.stop()
  }
}
