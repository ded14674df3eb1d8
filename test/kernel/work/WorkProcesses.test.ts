import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import { ended, Poem, referenceOf, submit } from "../../support/Poem.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as WorkProcess from "../../support/WorkProcess.ts"
import { world } from "../../support/WorkWorker.ts"

const script = new URL("../../support/WorkWorker.ts", import.meta.url)

describe.skipIf(Postgres.unsupported !== undefined)("durable work of several servers on one PostgreSQL", () => {
  it.live(
    "given servers that share work, when one is killed in the middle of it, then another one does it, once",
    () =>
      Effect.gen(function*() {
        const schema = yield* WorkProcess.schema
        const ids = Array.from({ length: 12 }, (_, index) => `poem-${index}`)
        yield* Effect.gen(function*() {
          const work = yield* Work
          const hub = yield* EventHub
          // What this one takes hangs until the test ends it: it has no part in the work below.
          const first = yield* WorkProcess.start(script, schema, 600_000)
          yield* Effect.sleep("3 seconds")
          yield* Effect.forEach(ids, (workId) => submit(workId))
          yield* WorkProcess.until(() => first.lines.length > 0)
          yield* WorkProcess.start(script, schema, 0)
          yield* first.signal("SIGKILL")
          yield* work.register(Poem, () => Effect.void)
          yield* work.start
          const states = yield* Effect.forEach(ids, (workId) => ended(referenceOf(workId)))
          assert.deepStrictEqual(states.map(({ status }) => status), ids.map(() => "finished"))
          const finished = yield* readAll(hub, { types: ["work:finished"] })
          assert.strictEqual(finished.length, ids.length)
          // What the killed one had begun was begun again, and cost no retry. It may have begun what it could not print.
          assert.isAtLeast(states.filter(({ attempts }) => attempts > 1).length, new Set(first.lines).size)
          assert.deepStrictEqual(states.map(({ retries }) => retries), ids.map(() => 0))
        }).pipe(Effect.provide(world(Postgres.url, schema)))
      }),
    120_000
  )

  it.live(
    "given another Strata in a schema of the same database, then each does its own work, whoever was there first",
    () =>
      Effect.gen(function*() {
        const [first, second] = [yield* WorkProcess.schema, yield* WorkProcess.schema]
        const working = <A, E, R>(within: Effect.Effect<A, E, R>) =>
          Effect.gen(function*() {
            const work = yield* Work
            yield* work.register(Poem, () => Effect.void)
            yield* work.start
            yield* submit("one")
            assert.include(yield* ended(referenceOf("one")), { status: "finished", attempts: 1 })
            return yield* within
          })
        yield* working(working(Effect.void).pipe(Effect.provide(world(Postgres.url, second), { local: true }))).pipe(
          Effect.provide(world(Postgres.url, first))
        )
      }),
    60_000
  )
})
