/** Servers that share work, one of which is stopped for longer than its lease, or loses its database for a while. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schedule } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import { ended, Poem, referenceOf, submit } from "../../support/Poem.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TcpProxy from "../../support/TcpProxy.ts"
import * as WorkProcess from "../../support/WorkProcess.ts"
import { world } from "../../support/WorkWorker.ts"

const script = new URL("../../support/StoppedWorker.ts", import.meta.url)

/** Also where the log is away for a while. */
const patiently = (workId: string) => Effect.retry(ended(referenceOf(workId)), Schedule.spaced("100 millis"))

const finished = Effect.flatMap(EventHub, (hub) => readAll(hub, { types: ["work:finished"] }))

describe.skipIf(Postgres.unsupported !== undefined)("durable work of several servers, where one falters", () => {
  it.live(
    "given a server that is stopped in the middle of work, when it goes on, then another has done it and it writes nothing",
    () =>
      Effect.gen(function*() {
        const schema = yield* WorkProcess.schema
        // So many that each server has a part of them, whichever names they gave themselves.
        const ids = Array.from({ length: 12 }, (_, index) => `poem-${index}`)
        yield* Effect.gen(function*() {
          const work = yield* Work
          const stopped = yield* WorkProcess.start(script, schema, 4000)
          yield* Effect.sleep("3 seconds")
          yield* Effect.forEach(ids, (workId) => submit(workId))
          yield* WorkProcess.until(() => stopped.lines.length > 0)
          yield* stopped.signal("SIGSTOP")
          const begun = stopped.lines.map((line) => line.split(" ")[1]!)
          yield* work.register(Poem, () => Effect.void)
          yield* work.start
          const states = yield* Effect.forEach(ids, patiently, { concurrency: "unbounded" })
          assert.deepStrictEqual(states.map(({ status }) => status), ids.map(() => "finished"))
          yield* stopped.signal("SIGCONT")
          const refusals = () => stopped.lines.filter((line) => line.startsWith("refused"))
          yield* WorkProcess.until(() => refusals().length >= begun.length)
          assert.isEmpty(stopped.lines.filter((line) => line.startsWith("written")))
          for (const line of refusals()) assert.include(line, "LeaseLost")
          assert.lengthOf(yield* finished, ids.length)
        }).pipe(Effect.provide(world(Postgres.url, schema)))
      }),
    120_000
  )

  it.live(
    "given a database that goes away while work runs, when it is back, then all of it ends, once",
    () =>
      Effect.gen(function*() {
        const schema = yield* WorkProcess.schema
        const url = new URL(Redacted.value(Postgres.url))
        const proxy = yield* TcpProxy.make({ host: url.hostname, port: Number(url.port) })
        url.hostname = "127.0.0.1"
        url.port = String(proxy.port)
        const ids = Array.from({ length: 8 }, (_, index) => `poem-${index}`)
        yield* Effect.gen(function*() {
          const work = yield* Work
          let begun = 0
          yield* work.register(Poem, () => Effect.andThen(Effect.sync(() => void begun++), Effect.sleep("3 seconds")))
          yield* work.start
          yield* Effect.forEach(ids, (workId) => submit(workId))
          yield* WorkProcess.until(() => begun >= 2)
          yield* proxy.down
          yield* Effect.sleep("20 seconds")
          yield* proxy.up
          const states = yield* Effect.forEach(ids, patiently, { concurrency: "unbounded" })
          assert.deepStrictEqual(states.map(({ status }) => status), ids.map(() => "finished"))
          assert.lengthOf(yield* finished, ids.length)
        }).pipe(Effect.provide(world(Redacted.make(url.href), schema)))
      }),
    180_000
  )
})
