/** The command line of the benchmark. */
// @effect-diagnostics *:off
import { parseArgs } from "node:util"
import type { Mode } from "./Payloads.ts"
import { type TargetName, targetNames } from "./Targets.ts"

export interface BenchOptions {
  readonly seconds: number
  readonly rounds: number
  readonly connections: ReadonlyArray<number>
  readonly modes: ReadonlyArray<Mode>
  readonly targets: ReadonlyArray<TargetName>
  readonly jsonFile: string | undefined
}

const usage = `npm run bench -- [options]
  --seconds N             load time of one cell (5)
  --rounds N              rounds, each with fresh servers; the table shows medians (3)
  --connections 1,10,100  closed-loop connections of the cells
  --only json|sse         one kind of answer instead of both
  --targets a,b           of ${targetNames.join(",")} (all)
  --json FILE             write everything measured to FILE`

const positive = (name: string, text: string, maximum: number): number => {
  const value = Number(text)
  if (!(value > 0 && value <= maximum)) throw new Error(`--${name}: ${text} is not a number up to ${maximum}`)
  return value
}

const oneOf = <Name extends string>(option: string, names: ReadonlyArray<Name>, text: string): Name => {
  const found = names.find((name) => name === text)
  if (found === undefined) throw new Error(`--${option}: ${text} is none of ${names.join(", ")}`)
  return found
}

/** The options, or the text to print instead of a benchmark. */
export const readBenchOptions = (commandLine: ReadonlyArray<string>): BenchOptions | string => {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      seconds: { type: "string", default: "5" },
      rounds: { type: "string", default: "3" },
      connections: { type: "string", default: "1,10,100" },
      only: { type: "string" },
      targets: { type: "string", default: targetNames.join(",") },
      json: { type: "string" },
      help: { type: "boolean", default: false }
    }
  })
  if (values.help) return usage
  return {
    seconds: positive("seconds", values.seconds, 60),
    rounds: Math.ceil(positive("rounds", values.rounds, 20)),
    connections: values.connections.split(",").map((text) => Math.ceil(positive("connections", text, 1000))),
    modes: values.only === undefined ? ["json", "sse"] : [oneOf<Mode>("only", ["json", "sse"], values.only)],
    targets: values.targets.split(",").map((text) => oneOf("targets", targetNames, text)),
    jsonFile: values.json
  }
}
