/** Which functions of `src/` run while something happens, and how often: V8's own count, nothing instrumented. */
// @effect-diagnostics *:off
import { Session } from "node:inspector/promises"
import * as path from "node:path"
import { fileURLToPath } from "node:url"

export interface TracedFile {
  /** Below `src/`. */
  readonly file: string
  /** How many of its functions ran. */
  readonly functions: number
  readonly calls: number
}

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "src")

/** Counts the calls between the start and the end of `run`, after `warmUp` has loaded all that loads late. */
export const callTrace = async (
  warmUp: () => Promise<void>,
  run: () => Promise<void>
): Promise<ReadonlyArray<TracedFile>> => {
  const session = new Session()
  session.connect()
  try {
    await session.post("Profiler.enable")
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false })
    await warmUp()
    await session.post("Profiler.takePreciseCoverage")
    await run()
    const { result } = await session.post("Profiler.takePreciseCoverage")
    return result.flatMap(({ functions, url }) => {
      if (!url.startsWith("file:")) return []
      const file = path.relative(source, fileURLToPath(url))
      if (file.startsWith("..")) return []
      const entered = functions.map(({ ranges }) => ranges[0]?.count ?? 0).filter((count) => count > 0)
      return entered.length === 0
        ? []
        : [{ file, functions: entered.length, calls: entered.reduce((sum, count) => sum + count, 0) }]
    }).toSorted((one, other) => other.calls - one.calls)
  } finally {
    session.disconnect()
  }
}
