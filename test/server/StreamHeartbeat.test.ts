/** One timer beats for all streams that are silent. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Beating } from "../../src/server/StreamHeartbeat.ts"
import * as StreamHeartbeat from "../../src/server/StreamHeartbeat.ts"

const stream = () => {
  const made: Beating & { beats: number } = {
    quiet: 0,
    place: 0,
    beats: 0,
    beat: () => void made.beats++
  }
  return made
}

describe("StreamHeartbeat", () => {
  it.effect("beats once for each period of silence, and no more for a stream that has ended", () =>
    Effect.gen(function*() {
      const heartbeat = (yield* StreamHeartbeat.make(15_000))!
      const [silent, busy, ended] = [stream(), stream(), stream()]
      for (const each of [silent, busy, ended]) heartbeat.watch(each)
      for (let second = 0; second < 30; second++) {
        yield* TestClock.adjust("1 second")
        busy.quiet = 0
        if (second === 16) heartbeat.forget(ended)
      }
      assert.deepStrictEqual([silent.beats, busy.beats, ended.beats], [2, 0, 1])
    }).pipe(Effect.scoped))

  it.effect("is none where its period is 0", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* StreamHeartbeat.make(0))
    }).pipe(Effect.scoped))
})
