/** A schema is made only where it is missing: the right to make one is not asked for where it is there. */
import * as PgConnection from "@effect/sql-pg/PgConnection"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as NamedSchema from "../../../src/events/postgres/NamedSchema.ts"
import * as Postgres from "../../support/Postgres.ts"

const queryOf = (connection: PgConnection.PgConnection) => (sql: string, parameters: ReadonlyArray<unknown>) =>
  Effect.map(connection.query(sql, parameters), ({ rows }) => rows)

describe.skipIf(Postgres.unsupported !== undefined)("NamedSchema", () => {
  it.live("makes a schema, and once more changes nothing, whatever its name", () =>
    Effect.gen(function*() {
      const name = `${yield* Postgres.schema}A "b" c`
      const query = queryOf(yield* Postgres.connect("public"))
      yield* Effect.addFinalizer(() => Postgres.run("public", `DROP SCHEMA "${name.replaceAll("\"", "\"\"")}"`))
      assert.isFalse(yield* NamedSchema.exists(query, name))
      yield* NamedSchema.ensure(query, name)
      yield* NamedSchema.ensure(query, name)
      assert.isTrue(yield* NamedSchema.exists(query, name))
    }))

  it.live("needs no right to make one where it is there, and has none where it is not", () =>
    Effect.gen(function*() {
      const { name, url } = yield* Postgres.user
      yield* Postgres.run("public", `CREATE SCHEMA ${name} AUTHORIZATION ${name}`)
      const query = queryOf(yield* PgConnection.make({ url }))
      yield* NamedSchema.ensure(query, name)
      const refused = yield* Effect.flip(NamedSchema.ensure(query, `${name}_other`))
      assert.include(String(refused.reason.cause), "permission denied")
    }))
})
