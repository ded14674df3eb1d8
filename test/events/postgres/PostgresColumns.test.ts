/** Columns of the log as a real PostgreSQL has them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { compressed, text } from "../../../src/events/postgres/PostgresColumns.ts"
import * as Postgres from "../../support/Postgres.ts"

describe.skipIf(Postgres.unsupported !== undefined)("columns in PostgreSQL", () => {
  it.effect("are compared byte by byte, and compressed by lz4 or as the server does, never refused", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* Postgres.run(schema, `CREATE SCHEMA ${schema}`)
      yield* Postgres.run(schema, `CREATE TABLE words (word ${text}, number integer)`)
      yield* Postgres.run(schema, "INSERT INTO words VALUES ('b'), ('B'), ('a'), ('é')")
      const words = yield* Postgres.run(schema, "SELECT word FROM words ORDER BY word")
      assert.deepStrictEqual(words.map(({ word }) => word), ["B", "a", "b", "é"])
      yield* Postgres.run(schema, compressed("words", "word"))
      // A number can't be compressed.
      yield* Postgres.run(schema, compressed("words", "number"))
      const [row] = yield* Postgres.run(
        schema,
        "SELECT attcompression::text AS method FROM pg_attribute WHERE attrelid = 'words'::regclass AND attname = 'word'"
      )
      assert.include(["l", ""], row?.["method"])
    }).pipe(Effect.scoped))
})
