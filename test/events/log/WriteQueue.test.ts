/** What waits for the writer is taken in the order in which it came, in groups, and none of it is left behind. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Latch, Scope } from "effect"
import { WriteQueue } from "../../../src/events/log/WriteQueue.ts"

/** One turn of the event loop. */
const turn = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

/** A writer that keeps its groups, and can be held. */
const world = Effect.fnUntraced(function*(mostTaken = 10) {
  const queue = new WriteQueue<number>(mostTaken)
  const scope = yield* Scope.make()
  const gate = Latch.makeUnsafe(true)
  const groups: Array<ReadonlyArray<number>> = []
  const write = (group: ReadonlyArray<number>) => Effect.andThen(gate.await, Effect.sync(() => void groups.push(group)))
  yield* Scope.provide(queue.drain(write), scope)
  const until = (count: number) => Effect.repeat(turn, { until: () => groups.flat().length >= count })
  return { queue, groups, gate, until, close: Scope.close(scope, Exit.void) }
})

describe("WriteQueue", () => {
  it.live("gives what came in one turn as one group, when somebody waits for one of it", () =>
    Effect.gen(function*() {
      const { close, groups, queue, until } = yield* world()
      queue.offer(1, false)
      queue.offer(2, true)
      queue.offer(3, false)
      yield* until(3)
      assert.deepStrictEqual(groups, [[1, 2, 3]])
      yield* close
    }))

  it.live("gives what nobody waits for, too", () =>
    Effect.gen(function*() {
      const { close, groups, queue, until } = yield* world()
      queue.offer(1, false)
      queue.offer(2, false)
      yield* until(2)
      assert.deepStrictEqual(groups, [[1, 2]])
      yield* close
    }))

  it.live("gives groups of a bounded size, in order, while the writer is held", () =>
    Effect.gen(function*() {
      const { close, gate, groups, queue, until } = yield* world(4)
      gate.closeUnsafe()
      for (let number = 0; number < 10; number++) queue.offer(number, number % 2 === 0)
      gate.openUnsafe()
      yield* until(10)
      assert.deepStrictEqual(groups, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
      yield* close
    }))

  it.live.each([true, false])(
    "is closed when all of it is written, and takes nothing more (awaited: %s)",
    (isAwaited) =>
      Effect.gen(function*() {
        const { close, groups, queue } = yield* world(2)
        for (let number = 0; number < 5; number++) queue.offer(number, isAwaited)
        yield* close
        assert.deepStrictEqual(groups.flat(), [0, 1, 2, 3, 4])
        assert.isFalse(queue.offer(5, isAwaited))
      })
  )

  it.live("writes what waits for company where somebody is about to read; who waits for a commit holds nobody up", () =>
    Effect.gen(function*() {
      const { close, gate, groups, queue } = yield* world()
      queue.offer(1, false)
      yield* queue.hurried
      assert.deepStrictEqual(groups, [[1]])
      gate.closeUnsafe()
      queue.offer(2, true)
      yield* Effect.repeat(turn, { times: 5 })
      // It was taken, and is on its way.
      yield* queue.hurried
      assert.deepStrictEqual(groups, [[1]])
      gate.openUnsafe()
      yield* close
      assert.deepStrictEqual(groups, [[1], [2]])
    }))

  it.live("is closed where nothing ever came", () =>
    Effect.gen(function*() {
      const { close, groups } = yield* world()
      yield* close
      assert.deepStrictEqual(groups, [])
    }))
})
