/** The command line of the crash test. */
// @effect-diagnostics *:off
import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"

export interface CommandLine {
  readonly suite: "log" | "work"
  /** Of the suite `work`. */
  readonly work: "piece" | "response" | "batch"
  readonly rounds: number
  readonly logs: ReadonlyArray<"sqlite" | "postgres">
  readonly databaseUrl: string | undefined
  readonly seed: number
}

const usage = `npm run crash -- [options]
  --suite log|work            what is tried: the log's writer, or servers that do work in the background (log)
  --work piece|response|batch of the suite work: pieces of its own, or background responses of whole servers, or batches of
                              200 lines, three kills each (piece)
  --rounds N                  rounds: load, kill -9, look at the log (100)
  --log sqlite|postgres|both  which store (both)
  --database-url URL          the PostgreSQL to use, in a schema of its own; without it one is started for the run, and
                              crashed too in every tenth round
  --seed N                    repeats the choices of an earlier run
A round that fails is printed with its seed; its folder, or the schema of a named server, is kept.`

const whole = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Error(`--${name}: ${text} is not 1 to ${most}`)
  return value
}

/** The options, or the text to print instead. */
export const readCommandLine = (commandLine: ReadonlyArray<string>): CommandLine | string => {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      work: { type: "string", default: "piece" },
      suite: { type: "string", default: "log" },
      rounds: { type: "string", default: "100" },
      log: { type: "string", default: "both" },
      "database-url": { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean", default: false }
    }
  })
  if (values.help) return usage
  const { log, suite, work } = values
  if (suite !== "log" && suite !== "work") throw new Error(`--suite: ${suite} is none of them`)
  if (log !== "sqlite" && log !== "postgres" && log !== "both") throw new Error(`--log: ${log} is none of them`)
  if (work !== "piece" && work !== "response" && work !== "batch") throw new Error(`--work: ${work} is none of them`)
  return {
    suite,
    work,
    rounds: whole("rounds", values.rounds, 100_000),
    logs: log === "both" ? ["sqlite", "postgres"] : [log],
    databaseUrl: values["database-url"],
    seed: values.seed === undefined ? randomInt(1, 2 ** 31) : whole("seed", values.seed, 2 ** 32)
  }
}
