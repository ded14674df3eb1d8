/** A clock that goes on a little with each look, as a seed says, and stands while two writers note the same moment. */
import { Clock, Effect } from "effect"
import type { SeededRandom } from "../../../bench/crash/SeededRandom.ts"

const most = 3

export interface TickingClock extends Clock.Clock {
  /** For all that runs within, it is the same time. */
  readonly held: <A>(work: () => A) => A
}

/** What waits, waits in real time. */
export const make = (random: SeededRandom, start = 1_763_683_200_000): TickingClock => {
  const real = Clock.Clock.defaultValue()
  let now = start
  let holds = 0
  const tick = () => holds > 0 ? now : now += random.between(0, most)
  return {
    currentTimeMillisUnsafe: tick,
    currentTimeMillis: Effect.sync(tick),
    currentTimeNanosUnsafe: () => real.currentTimeNanosUnsafe(),
    currentTimeNanos: real.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: real.monotonicTimeNanos,
    sleep: (duration) => real.sleep(duration),
    held: (work) => {
      if (holds++ === 0) now += random.between(0, most)
      try {
        return work()
      } finally {
        holds--
      }
    }
  }
}
