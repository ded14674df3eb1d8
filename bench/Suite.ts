/** What a suite of the benchmark is: options in, a text to print and every figure out. */
// @effect-diagnostics *:off
import type { BenchOptions } from "./BenchOptions.ts"

export interface SuiteContext {
  readonly options: BenchOptions
  /** Removed when the benchmark ends. */
  readonly folder: string
  readonly progress: (text: string) => void
}

export interface SuiteResult {
  readonly text: string
  readonly figures: object
  /** What is above the budget: which figure, and by how much. */
  readonly exceeded?: ReadonlyArray<string>
}

export type Suite = (context: SuiteContext) => Promise<SuiteResult>
