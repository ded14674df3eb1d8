/** The log in memory, made slow as a disk is: every operation takes turns of the scheduler, commits wait for a gate. */
import { Effect, Latch, Layer } from "effect"
import { EventLog } from "../../src/events/log/EventLog.ts"
import * as MemoryStore from "../../src/events/memory/MemoryStore.ts"

/** So many turns of the scheduler: other fibers run in between. */
export const turns = (count: number) => count === 0 ? Effect.void : Effect.repeat(Effect.yieldNow, { times: count - 1 })

export interface Options {
  /** Turns that the operations take, one after the other, over and over. */
  readonly turns?: ReadonlyArray<number>
  /** Commits wait while it is closed. */
  readonly gate?: Latch.Latch
}

export const layer = (options: Options = {}) =>
  Layer.effect(
    EventLog,
    Effect.map(EventLog, (log) => {
      const { gate = Latch.makeUnsafe(true), turns: pattern = [1] } = options
      let operations = 0
      const slow = <A, E>(operation: Effect.Effect<A, E>): Effect.Effect<A, E> =>
        Effect.suspend(() => {
          const count = pattern[operations++ % pattern.length] ?? 0
          return turns(count).pipe(Effect.andThen(operation), Effect.tap(() => turns(count)))
        })
      return EventLog.of({
        commit: (group) => Effect.andThen(gate.await, slow(log.commit(group))),
        read: (read) => slow(log.read(read)),
        head: slow(log.head),
        changes: log.changes
      })
    })
  ).pipe(Layer.provide(MemoryStore.layer))
