/** One stretch of load on a log in this process, with or without a follower that reads nothing meanwhile. */
// @effect-diagnostics *:off
import { Deferred, Effect, Fiber, Stream } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { DraftSource } from "./DraftSource.ts"
import { openLog } from "./OpenLog.ts"
import { CaughtUp, type Stretch } from "./SlowStretch.ts"

const publishers = 100

export const stretchInProcess = async (
  folder: string,
  source: DraftSource,
  seconds: number,
  consumer: boolean
): Promise<Stretch> => {
  const log = openLog({ folder, access: "write", projections: apis.projections })
  const stretch = await log.runPromise(Effect.gen(function*() {
    const hub = yield* EventHub
    const readOn = yield* Deferred.make<number>()
    const caughtUp = new CaughtUp()
    let appended = 0

    yield* hub.append("bench", "any", [])
    for (const { events, stream } of source.request()) yield* hub.append(stream, "any", events)
    const first = yield* hub.head

    const follow = hub.follow({}).pipe(
      Stream.chunks,
      Stream.mapEffect((events) => {
        for (const { position } of events) caughtUp.saw(position)
        return Effect.map(Deferred.await(readOn), (head) => caughtUp.position < head)
      }),
      Stream.takeWhile((more) => more),
      Stream.runDrain
    )
    const following = consumer ? yield* Effect.forkChild(follow) : undefined

    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    const publisher = Effect.gen(function*() {
      while (true) {
        for (const { events, expectedVersion, stream } of source.request()) {
          if (performance.now() - startedAt > seconds * 1000) return
          yield* hub.append(stream, expectedVersion, events)
          appended += 1
        }
      }
    })
    yield* Effect.all(Array.from({ length: publishers }, () => publisher), { concurrency: "unbounded", discard: true })
    const elapsed = (performance.now() - startedAt) / 1000
    const cpu = process.cpuUsage(cpuBefore)
    const megabytes = process.memoryUsage.rss() / 1e6

    const head = yield* hub.head
    if (head !== first + appended) throw new Error(`${appended} were acknowledged, ${head - first} are in the log`)
    const seenInTime = caughtUp.position
    const readOnAt = performance.now()
    yield* Deferred.succeed(readOn, head)
    if (following !== undefined) yield* Fiber.join(following)
    return {
      perSecond: appended / elapsed,
      cpuPerEvent: (cpu.user + cpu.system) / appended,
      events: head,
      megabytes,
      seenInTime,
      caughtUp: following === undefined ? undefined : caughtUp.result(head, readOnAt)
    }
  }))
  await log.dispose()
  return stretch
}
