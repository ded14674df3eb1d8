/** What a server's process takes of the machine: V8 collects earlier than it would, and what a burst took is given back. */
import { Effect } from "effect"
import { flushCompileCache } from "node:module"
import { performance } from "node:perf_hooks"
import { getHeapStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** Longer than a pause between bursts: what is given back has to be taken again. */
const interval = "30 seconds"
/** A server that works for less than this share of an interval is idle. */
const idleShare = 0.1
/** Bytes that are worth a collection. */
const worthwhile = 16 * 1024 * 1024

/**
 * From its first collection on the old generation grows by as much as lives, and not to V8's first limit of 290 MB.
 * Under other flags V8 does not take code that it compiled before: that is stored first, and all is loaded by now.
 */
const boundHeap = Effect.sync((): () => void => {
  flushCompileCache()
  setFlagsFromString("--heap-growing-percent=100")
  setFlagsFromString("--expose-gc")
  return runInNewContext("gc")
})

const heapSize = () => getHeapStatistics().total_heap_size

/** V8 keeps what it grew to until something is allocated again: where nothing is, it is told. */
export const keepSmall = Effect.gen(function*() {
  yield* Effect.sleep("1 second")
  const collect = yield* boundHeap
  let smallest = 0
  let before = performance.eventLoopUtilization()
  const giveBack = () => {
    collect()
    smallest = heapSize()
    before = performance.eventLoopUtilization()
  }

  giveBack()
  while (true) {
    yield* Effect.sleep(interval)
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization < idleShare && heapSize() > smallest + worthwhile) giveBack()
  }
})
