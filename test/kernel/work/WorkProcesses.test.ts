import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import { isOpen } from "../../../src/kernel/work/WorkState.ts"
import { Poem, streamOf } from "../../support/Poem.ts"
import * as Postgres from "../../support/Postgres.ts"
import { world } from "../../support/WorkWorker.ts"

const script = fileURLToPath(new URL("../../support/WorkWorker.ts", import.meta.url))

const worker = (schema: string, pause: number) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [script, Redacted.value(Postgres.url), schema, String(pause)], {
        stdio: ["ignore", "pipe", "inherit"]
      })
      const lines: Array<string> = []
      child.stdout.on(
        "data",
        (data: Buffer) => lines.push(...data.toString().split("\n").filter((line) => line !== ""))
      )
      return { lines, kill: () => child.kill("SIGKILL") }
    }),
    ({ kill }) => Effect.sync(kill)
  )

const until = (condition: () => boolean) =>
  Effect.suspend(() => condition() ? Effect.void : Effect.fail("not yet")).pipe(
    Effect.eventually
  )

const workSchema = Effect.acquireRelease(
  Postgres.schema,
  (name) => Postgres.run("public", `DROP SCHEMA IF EXISTS ${name}_work CASCADE`)
)

describe.skipIf(Postgres.unsupported !== undefined)("durable work of several servers on one PostgreSQL", () => {
  it.live(
    "given servers that share work, when one is killed in the middle of it, then another one does it, once",
    () =>
      Effect.gen(function*() {
        const schema = yield* workSchema
        const ids = Array.from({ length: 12 }, (_, index) => `poem-${index}`)
        yield* Effect.gen(function*() {
          const work = yield* Work
          const hub = yield* EventHub
          // What this one takes hangs until the test ends it: it has no part in the work below.
          const first = yield* worker(schema, 600_000)
          yield* Effect.sleep("3 seconds")
          yield* Effect.forEach(
            ids,
            (workId) => work.submit({ kind: Poem, workId, stream: streamOf(workId), input: { title: workId } })
          )
          yield* until(() => first.lines.length > 0)
          yield* worker(schema, 0)
          yield* Effect.sync(first.kill)
          yield* work.register(Poem, () => Effect.void)
          yield* work.start
          const states = yield* Effect.forEach(ids, (workId) =>
            Effect.gen(function*() {
              while (true) {
                const state = yield* work.get({ tenant: "", workId, stream: streamOf(workId) })
                if (state !== undefined && !isOpen(state)) return state
                yield* Effect.sleep("100 millis")
              }
            }))
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
})
