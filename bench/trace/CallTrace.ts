/** Which functions of `src/` run while something happens, and how often: V8's own count, nothing instrumented. */
// @effect-diagnostics *:off
import { Session } from "node:inspector/promises"
import * as path from "node:path"
import { fileURLToPath } from "node:url"

export interface TracedFunction {
  readonly name: string
  readonly calls: number
}

export interface TracedFile {
  /** Below `src/`. */
  readonly file: string
  /** Those that ran, most often first. */
  readonly functions: ReadonlyArray<TracedFunction>
  readonly calls: number
}

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "src")

const byCalls = (one: { readonly calls: number }, other: { readonly calls: number }) => other.calls - one.calls

/** Counts the calls of each step from its start to its end, after `warmUp` has loaded all that loads late. */
export const callTrace = async (
  warmUp: () => Promise<void>,
  steps: ReadonlyArray<() => Promise<void>>
): Promise<ReadonlyArray<ReadonlyArray<TracedFile>>> => {
  const session = new Session()
  session.connect()

  const take = async (): Promise<ReadonlyArray<TracedFile>> => {
    const { result } = await session.post("Profiler.takePreciseCoverage")
    return result.flatMap(({ functions, url }) => {
      if (!url.startsWith("file:")) return []
      const file = path.relative(source, fileURLToPath(url))
      if (file.startsWith("..")) return []
      const entered = functions.map(({ functionName, ranges }) => ({
        name: functionName,
        calls: ranges[0]?.count ?? 0
      })).filter(({ calls }) => calls > 0).toSorted(byCalls)
      if (entered.length === 0) return []
      return [{ file, functions: entered, calls: entered.reduce((sum, { calls }) => sum + calls, 0) }]
    }).toSorted(byCalls)
  }

  try {
    await session.post("Profiler.enable")
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false })
    await warmUp()
    await take()
    const traced: Array<ReadonlyArray<TracedFile>> = []
    for (const step of steps) {
      await step()
      traced.push(await take())
    }
    return traced
  } finally {
    session.disconnect()
  }
}
