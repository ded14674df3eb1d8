/** Where the tables of background work are kept depends on what the user may do, and stays. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresWorkClient from "../../../src/events/postgres/PostgresWorkClient.ts"
import * as PostgresWorkSchema from "../../../src/events/postgres/PostgresWorkSchema.ts"
import * as Postgres from "../../support/Postgres.ts"

const options = (url: Redacted.Redacted, logSchema: string) => ({ url, logSchema })

/** As the workflow engine makes it. */
const makeTable = (url: Redacted.Redacted, name: string) =>
  Effect.gen(function*() {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE TABLE cluster_messages (id bigint)`
    return yield* sql<{ readonly schema: string }>`SELECT current_schema() AS schema`
  }).pipe(Effect.provide(PostgresWorkClient.layer(options(url, name))))

const dropped = (name: string) =>
  Effect.addFinalizer(() => Postgres.run("public", `DROP SCHEMA IF EXISTS ${name}_work CASCADE`))

describe.skipIf(Postgres.unsupported !== undefined)("the schema of background work", () => {
  it.live("is one of its own, made once, where the user may make it", () =>
    Effect.gen(function*() {
      const name = yield* Postgres.schema
      yield* dropped(name)
      const chosen = yield* Effect.all(
        Array.from({ length: 4 }, () => PostgresWorkSchema.choose(options(Postgres.url, name))),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(chosen, Array.from({ length: 4 }, () => `${name}_work`))
      assert.deepStrictEqual(yield* makeTable(Postgres.url, name), [{ schema: `${name}_work` }])
    }))

  it.live("is the one that an administrator made, where the user may make none", () =>
    Effect.gen(function*() {
      const { name, url } = yield* Postgres.user
      yield* dropped(name)
      for (const schema of [name, `${name}_work`]) {
        yield* Postgres.run("public", `CREATE SCHEMA ${schema} AUTHORIZATION ${name}`)
      }
      assert.deepStrictEqual(yield* makeTable(url, name), [{ schema: `${name}_work` }])
    }))

  it.live("is the log's, where there is no other and the user may make none, and stays it", () =>
    Effect.gen(function*() {
      const { name, url } = yield* Postgres.user
      yield* dropped(name)
      yield* Postgres.run("public", `CREATE SCHEMA ${name} AUTHORIZATION ${name}`)
      assert.deepStrictEqual(yield* makeTable(url, name), [{ schema: name }])
      assert.strictEqual(yield* PostgresWorkSchema.choose(options(Postgres.url, name)), name)
    }))
})
