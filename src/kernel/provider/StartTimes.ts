/** When the instances of a running stack began to start, and how long each took. */
import { Context } from "effect"
import type { PlannedProvider } from "./PlannedProvider.ts"

export interface StartTime {
  /** Milliseconds since 1970: all it needs had started by then. */
  readonly time: number
  /** Milliseconds until it was ready; of an upstream it starts, that one's time too. */
  readonly duration: number
}

export class StartTimes extends Context.Service<StartTimes, {
  /** Undefined: it did not start, as an upstream that nobody asks. */
  get(planned: PlannedProvider): StartTime | undefined
}>()("strata/kernel/provider/StartTimes") {}
