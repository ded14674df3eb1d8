/** What a server's process gives back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { setTimeout } from "node:timers/promises"
import { getHeapStatistics, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as ProcessMemory from "../../src/cli/ProcessMemory.ts"

const megabyte = 1024 * 1024

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")
setFlagsFromString("--no-expose-gc")

const heapSize = () => getHeapStatistics().total_heap_size

/** So many megabytes that nobody needs any more. */
const burst = (megabytes: number) => {
  const kept = []
  for (let each = 0; each < megabytes; each++) kept.push(Array.from({ length: megabyte / 8 }, () => each))
  return kept.length
}

describe("ProcessMemory", () => {
  it.effect(
    "gives back what a burst took when the process is idle, and leaves it while it works",
    () =>
      Effect.gen(function*() {
        const keeping = yield* Effect.forkChild(ProcessMemory.keepSmall)
        yield* TestClock.adjust("1 second")
        collectGarbage()
        const before = heapSize()
        burst(256)
        const grown = heapSize()
        assert.isAbove(grown, before + 128 * megabyte)
        yield* TestClock.adjust("15 seconds")
        assert.isAtLeast(heapSize(), grown)
        // On a busy machine what little this process does fills more of a time: it may need several to be idle in one.
        for (let times = 0; times < 30 && heapSize() >= grown - 128 * megabyte; times++) {
          yield* Effect.promise(() => setTimeout(1500))
          yield* TestClock.adjust("15 seconds")
        }
        assert.isBelow(heapSize(), grown - 128 * megabyte)
        // Code compiled before does not fit a V8 that runs under another flag.
        assert.strictEqual(runInNewContext("typeof gc"), "undefined")
        yield* Fiber.interrupt(keeping)
      }),
    60_000
  )
})
