/** The command line of the benchmark. */
// @effect-diagnostics *:off
import { parseArgs } from "node:util"
import type { Mode } from "./Payloads.ts"
import { type TargetName, targetNames } from "./Targets.ts"

export const suiteNames = ["http", "responses", "log", "readers", "slow-consumer", "space", "stack", "trace"] as const
export type SuiteName = (typeof suiteNames)[number]

export const logParts = ["append", "postgres", "follow", "rebuild", "verify", "compression"] as const
export type LogPart = (typeof logParts)[number]

export const logNames = ["sqlite", "postgres"] as const
export type LogName = (typeof logNames)[number]

const levelNames = ["default", "debug", "raw"] as const

export interface BenchOptions {
  readonly suites: ReadonlyArray<SuiteName>
  /** Undefined: what the suite does by default. */
  readonly seconds: number | undefined
  readonly rounds: number | undefined
  readonly jsonFile: string | undefined
  readonly connections: ReadonlyArray<number>
  readonly modes: ReadonlyArray<Mode>
  readonly targets: ReadonlyArray<TargetName>
  /** Requests of each kind that go to each server before anything is measured. */
  readonly warm: number
  /** Only how the CPU of Strata stands to that of the proxy. */
  readonly short: boolean
  readonly parts: ReadonlyArray<LogPart>
  readonly publishers: ReadonlyArray<number>
  readonly followers: ReadonlyArray<number>
  readonly events: number
  readonly turns: number
  /** Of a question and its answer. */
  readonly characters: ReadonlyArray<number>
  /** Words of the names of those that are measured; none: all are. */
  readonly conversations: ReadonlyArray<string>
  readonly levels: ReadonlyArray<(typeof levelNames)[number]>
  readonly logs: ReadonlyArray<LogName>
  /** Undefined: a PostgreSQL is started. */
  readonly databaseUrl: string | undefined
}

/** The options with what the HTTP suite does by default. */
export interface HttpOptions extends BenchOptions {
  readonly seconds: number
  readonly rounds: number
}

const usage = `npm run bench -- [options]
  --suite http|responses|log|readers|slow-consumer|space|stack|trace|all  what to measure; all is http, responses and log (all)
  --seconds N             load time of one cell (http 5, responses 2, log 1, readers 10, slow-consumer 60)
  --rounds N              rounds; the tables show medians (http 3, responses 5, log 7, slow-consumer 2, stack 7)
  --json FILE             write everything measured to FILE
http: Strata beside a minimal proxy and the bare upstream
  --connections 1,10,100  closed-loop connections of the cells
  --only json|sse         one kind of answer instead of both
  --targets a,b           of ${targetNames.join(",")} (all)
  --warm N                requests before anything is measured, half of each kind (20000)
  --short                 only CPU ratios at 100 connections, in at most a minute, held against the budget's short part
responses: responses that pass, and over chat completions, beside chat completions
log: the event log beside bare node:sqlite
  --parts a,b             of ${logParts.join(",")} (all but compression and postgres)
  --publishers 1,10,100   fibers that append, one event at a time
  --followers 1,10,100    readers of the whole log
  --events N              events of the log that is rebuilt (1000000, about 1 GB in the temporary folder)
readers: followers at raw at half the most requests, and a log of --events read by type and by session
slow-consumer: the append rate beside a consumer that reads nothing
space: what conversations that grow take in the log, for each byte that was said
  --turns N               turns of a conversation (200)
  --characters 400,1000   of a question and its answer (400,1000,4000)
  --conversations a,b     only those whose names have one of these words
  --levels a,b            of ${levelNames.join(",")} (all)
  --logs a,b              of ${logNames.join(",")} (all)
  --database-url URL      a PostgreSQL to use; default: one that is started
stack: the start of 200 providers beside the start of one
trace: the files and calls of our own that one warm chat completion passes`

const positive = (name: string, text: string, maximum: number): number => {
  const value = Number(text)
  if (!(value > 0 && value <= maximum)) throw new Error(`--${name}: ${text} is not a number up to ${maximum}`)
  return value
}

const counts = (name: string, text: string): ReadonlyArray<number> =>
  text.split(",").map((each) => Math.ceil(positive(name, each, 1000)))

const oneOf = <Name extends string>(option: string, names: ReadonlyArray<Name>, text: string): Name => {
  const found = names.find((name) => name === text)
  if (found === undefined) throw new Error(`--${option}: ${text} is none of ${names.join(", ")}`)
  return found
}

const someOf = <Name extends string>(option: string, names: ReadonlyArray<Name>, text: string): ReadonlyArray<Name> =>
  text.split(",").map((each) => oneOf(option, names, each))

/** The options, or the text to print instead of a benchmark. */
export const readBenchOptions = (commandLine: ReadonlyArray<string>): BenchOptions | string => {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      suite: { type: "string", default: "all" },
      seconds: { type: "string" },
      rounds: { type: "string" },
      json: { type: "string" },
      connections: { type: "string", default: "1,10,100" },
      only: { type: "string" },
      targets: { type: "string", default: targetNames.join(",") },
      warm: { type: "string", default: "20000" },
      short: { type: "boolean", default: false },
      parts: { type: "string", default: "append,follow,rebuild,verify" },
      publishers: { type: "string", default: "1,10,100" },
      followers: { type: "string", default: "1,10,100" },
      events: { type: "string", default: "1000000" },
      turns: { type: "string", default: "200" },
      characters: { type: "string", default: "400,1000,4000" },
      conversations: { type: "string", default: "" },
      levels: { type: "string", default: levelNames.join(",") },
      logs: { type: "string", default: logNames.join(",") },
      "database-url": { type: "string" },
      help: { type: "boolean", default: false }
    }
  })
  if (values.help) return usage
  return {
    suites: values.short
      ? ["http"]
      : values.suite === "all"
      ? ["http", "responses", "log"]
      : [oneOf("suite", suiteNames, values.suite)],
    seconds: values.seconds === undefined ? undefined : positive("seconds", values.seconds, 600),
    rounds: values.rounds === undefined ? undefined : Math.ceil(positive("rounds", values.rounds, 100)),
    jsonFile: values.json,
    connections: counts("connections", values.connections),
    modes: values.only === undefined ? ["json", "sse"] : [oneOf<Mode>("only", ["json", "sse"], values.only)],
    targets: someOf("targets", targetNames, values.targets),
    warm: Math.ceil(positive("warm", values.warm, 10_000_000)),
    short: values.short,
    parts: someOf("parts", logParts, values.parts),
    publishers: counts("publishers", values.publishers),
    followers: counts("followers", values.followers),
    events: Math.ceil(positive("events", values.events, 100_000_000)),
    turns: Math.ceil(positive("turns", values.turns, 2000)),
    characters: values.characters.split(",").map((each) => 2 * Math.ceil(positive("characters", each, 1_000_000) / 2)),
    conversations: values.conversations.split(",").filter((each) => each !== ""),
    levels: someOf("levels", levelNames, values.levels),
    logs: someOf("logs", logNames, values.logs),
    databaseUrl: values["database-url"]
  }
}
