/** The rounds: a writer goes on with the log, is killed, and the log is looked at. */
// @effect-diagnostics *:off
import { projectionsOf } from "./CrashEvents.ts"
import { Ledger } from "./Ledger.ts"
import { LogCheck } from "./LogCheck.ts"
import { sessionsEnded } from "./PostgresServer.ts"
import { SeededRandom } from "./SeededRandom.ts"
import { checkSqliteFile } from "./SqliteIntegrity.ts"
import { open, type Place } from "./Stores.ts"
import { type Kill, runAndKill } from "./WriterProcess.ts"

export interface CrashOptions {
  readonly rounds: number
  readonly seed: number
  /** For what the rounds keep beside the log. */
  readonly folder: string
  readonly place: Place
  /** Crashes the database server and waits until it is back, before the writer is killed; only one that is ours. */
  readonly crashServer?: (() => Promise<void>) | undefined
  readonly progress: (text: string) => void
}

export interface CrashResult {
  readonly rounds: number
  readonly acknowledgedEvents: number
  readonly events: number
  readonly seconds: number
  /** How often each moment was met. */
  readonly moments: Readonly<Record<string, number>>
}

const kinds = ["start", "opening", "load", "load", "commit", "rebuilding", "pruning", "checkpoint"] as const
type Kind = (typeof kinds)[number]

const killAt = (kind: Kind, random: SeededRandom): Kill => {
  switch (kind) {
    case "start":
      return { after: "start", milliseconds: random.between(0, 800) }
    case "opening":
      return { after: "opening", milliseconds: random.between(0, 100) }
    case "load":
      return { after: "open", milliseconds: random.between(0, 1500) }
    case "checkpoint":
      return { after: "open", milliseconds: random.between(300, 3000) }
    case "commit":
      return { after: random.between(1, 400), milliseconds: 0 }
    case "rebuilding":
      return { after: "rebuilding", milliseconds: random.between(0, 300) }
    case "pruning":
      return { after: "pruning", milliseconds: random.between(0, 10) }
  }
}

/** Rounds between two looks at the whole log. */
const wholeEvery = 10

export const crashRounds = async (options: CrashOptions): Promise<CrashResult> => {
  const { crashServer, folder, place, progress, rounds, seed } = options
  const random = new SeededRandom(seed)
  const ledger = new Ledger()
  const check = new LogCheck(ledger)
  const moments: Record<string, number> = {}
  const startedAt = performance.now()
  let projectionVersion = 1
  let round = 0
  try {
    for (round = 1; round <= rounds; round += 1) {
      const serverToo = crashServer !== undefined && round % wholeEvery === 0
      const kind = serverToo ? "load" : random.pick(kinds)
      moments[serverToo ? "server" : kind] = (moments[serverToo ? "server" : kind] ?? 0) + 1
      // A new version has the tables built while the log is being opened.
      if (kind === "opening" && random.next() < 0.7) projectionVersion += 1
      const task = {
        place: serverToo && place.log === "postgres" ? { ...place, durability: "full" as const } : place,
        round,
        seed,
        projectionVersion,
        heavy: kind === "checkpoint",
        rebuild: kind === "rebuilding",
        unknown: ledger.unknown
      }
      const before = ledger.acknowledgedEvents
      await runAndKill(folder, task, killAt(kind, random), ledger, serverToo ? crashServer : undefined)

      if (place.log === "postgres") await sessionsEnded(place.url)
      const whole = round % wholeEvery === 0 || round === rounds
      const store = open(place, projectionsOf(projectionVersion))
      await check.run(store, projectionVersion, whole).finally(() => store.dispose())
      if (place.log === "sqlite" && whole) checkSqliteFile(place.folder)
      progress(
        `round ${round}: killed at ${serverToo ? "load, after a crash of the server" : kind}; ${
          ledger.acknowledgedEvents - before
        } events acknowledged, ${ledger.unknown.length} appends unknown, ${check.events} events in the log`
      )
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`round ${round}, seed ${seed}: ${reason}`, { cause: error })
  }
  return {
    rounds,
    acknowledgedEvents: ledger.acknowledgedEvents,
    events: check.events,
    seconds: (performance.now() - startedAt) / 1000,
    moments
  }
}
