import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { join } from "node:path"
import * as SqliteClient from "../../../src/kernel/work/SqliteClient.ts"
import * as WorkEngine from "../../../src/kernel/work/WorkEngine.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const until = <E>(condition: Effect.Effect<boolean, E>) =>
  Effect.gen(function*() {
    while (!(yield* condition)) yield* Effect.sleep("20 millis")
  })

describe("EngineCleaning", () => {
  it.live(
    "given work that has ended, when the tables are cleaned twice, then they hold what waits, and nothing else",
    () =>
      Effect.gen(function*() {
        const client = SqliteClient.layer(join(yield* TemporaryFolder.make, "work.db"))
        const sql = yield* Effect.map(Layer.build(client), (context) => context.mapUnsafe.get(SqlClient.SqlClient.key))
        const { clean, execute, isDone } = yield* WorkEngine.make({
          runner: "test",
          shared: false,
          client,
          attempt: ({ workId }) =>
            Effect.map(Clock.currentTimeMillis, (now) => ({ retryAt: workId === "later" ? now + 600_000 : undefined }))
        })
        const of = (workId: string) => ({ tenant: "", workId, stream: workId, generation: 0 })
        const ids = [...Array.from({ length: 20 }, (_, index) => `work-${index}`), "later"]
        yield* Effect.forEach(ids, (id) => execute(of(id)))
        for (const id of ids.slice(0, -1)) yield* until(isDone(of(id)))
        const rows = (sql as SqlClient.SqlClient)<{ readonly count: number }>`
        SELECT count(DISTINCT entity_id) AS count FROM cluster_messages WHERE tag = 'run'
      `
        const count = Effect.map(rows, ([row]) => row?.count)
        yield* clean
        assert.strictEqual(yield* count, ids.length)
        yield* clean
        assert.strictEqual(yield* count, 1)
        assert.isFalse(yield* isDone(of("later")))
      }),
    30_000
  )
})
