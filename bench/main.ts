/** The benchmark: suites that put Strata beside something bare, in one run on one machine. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { type BenchOptions, readBenchOptions, type SuiteName } from "./BenchOptions.ts"
import { atExit } from "./Cleanup.ts"
import { httpSuite } from "./HttpSuite.ts"
import { logSuite } from "./log/LogSuite.ts"
import { slowConsumerSuite } from "./log/SlowConsumerSuite.ts"
import { readersSuite } from "./readers/ReadersSuite.ts"
import { responsesSuite } from "./ResponsesSuite.ts"
import { spaceSuite } from "./space/SpaceSuite.ts"
import { stackSuite } from "./stack/StackSuite.ts"
import type { Suite } from "./Suite.ts"
import { traceSuite } from "./trace/TraceSuite.ts"

const suites: Record<SuiteName, Suite> = {
  http: httpSuite,
  responses: responsesSuite,
  log: logSuite,
  readers: readersSuite,
  "slow-consumer": slowConsumerSuite,
  space: spaceSuite,
  stack: stackSuite,
  trace: traceSuite
}

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const bench = async (options: BenchOptions): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "strata-bench-"))
  atExit(() => fs.rmSync(folder, { recursive: true, force: true }))
  const figures: Record<string, object> = {}
  const exceeded: Array<string> = []
  for (const name of options.suites) {
    const result = await suites[name]({ options, folder, progress })
    figures[name] = result.figures
    process.stdout.write(`${result.text}\n\n`)
    exceeded.push(...result.exceeded ?? [])
  }
  if (options.jsonFile !== undefined) fs.writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`)
  for (const each of exceeded) process.stderr.write(`above bench/budget.json: ${each}\n`)
  if (exceeded.length > 0) process.exitCode = 1
}

try {
  const options = readBenchOptions(process.argv.slice(2))
  if (typeof options === "string") process.stdout.write(`${options}\n`)
  else await bench(options)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
