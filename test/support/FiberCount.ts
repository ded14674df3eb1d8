/** Counts the fibers that run: those of an effect, and all that it starts. */
import { Effect, Metric } from "effect"

export interface FiberCount {
  readonly counted: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly running: () => number
}

export const make = (): FiberCount => {
  let running = 0
  const service: Metric.FiberRuntimeMetricsService = {
    recordFiberStart: () => void running++,
    recordFiberEnd: () => void running--
  }
  return {
    counted: Effect.provideService(Metric.FiberRuntimeMetrics, service),
    running: () => running
  }
}
