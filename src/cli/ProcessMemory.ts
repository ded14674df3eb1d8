/** What a server's process takes of the machine: what a burst took is given back when nothing is asked any more. */
import { Effect } from "effect"
import { flushCompileCache } from "node:module"
import { performance } from "node:perf_hooks"
import { getHeapStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** Longer than a pause between bursts: what is given back has to be taken again. */
const interval = "15 seconds"
/** A server that works for less than this share of an interval is idle. */
const idleShare = 0.1
/** Bytes that are worth a collection. */
const worthwhile = 96 * 1024 * 1024

const heapSize = () => getHeapStatistics().total_heap_size

/** Under another flag V8 does not take code that it compiled before: the flag stands for as long as it is needed. */
const collectorOf = (): () => void => {
  flushCompileCache()
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc")
  setFlagsFromString("--no-expose-gc")
  return collect
}

/** V8 keeps what it grew to until something is allocated again: where nothing is, it is told. */
export const keepSmall = Effect.gen(function*() {
  let collect: (() => void) | undefined
  let smallest = heapSize()
  let before = performance.eventLoopUtilization()
  while (true) {
    yield* Effect.sleep(interval)
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization >= idleShare || heapSize() <= smallest + worthwhile) continue
    collect ??= collectorOf()
    collect()
    smallest = heapSize()
  }
})
