/** Documents in a replay, as of a position. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { asOf, CurrentReplayDocuments } from "../../../src/kernel/documents/ReplayDocuments.ts"

const types = new Set(["conversation:created"])

/** Up to where the log is asked for. */
const asked = Effect.gen(function*() {
  const positions: Array<number | undefined> = []
  const eventsOf = (_: string, __: ReadonlySet<string>, through?: number) =>
    Effect.sync(() => {
      positions.push(through)
      return []
    })
  const read = Effect.flatMap(
    CurrentReplayDocuments,
    (replay) => Effect.andThen(replay!.eventsOf("a", types), replay!.awaitedOf("a", types))
  )
  yield* Effect.andThen(asOf(7)(read), read).pipe(
    Effect.provideService(CurrentReplayDocuments, {
      eventsOf,
      awaitedOf: () => Effect.succeed([]),
      missed: () => undefined
    })
  )
  return positions
})

describe("documents as of a position", () => {
  it.effect("given a replay, then what is read stands at the position, and what is read later where the replay is", () =>
    Effect.map(asked, (positions) => assert.deepStrictEqual(positions, [7, undefined])))

  it.effect("given no replay, then there is nothing to ask", () =>
    Effect.map(asOf(7)(CurrentReplayDocuments), (replay) => assert.isUndefined(replay)))
})
