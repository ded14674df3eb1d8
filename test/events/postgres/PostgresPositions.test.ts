/** Positions that a row refers to are short texts, and PostgreSQL reads out of them what was meant. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as PostgresPositions from "../../../src/events/postgres/PostgresPositions.ts"
import * as Postgres from "../../support/Postgres.ts"

const Places = (most: number) =>
  Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: -most, maximum: most }))).check(Schema.isMaxLength(40))

describe("PostgresPositions", () => {
  it("says steps once that come again", () => {
    assert.isNull(PostgresPositions.toText(9, []))
    assert.strictEqual(PostgresPositions.toText(100, [90, 100, 90]), "0 10")
    assert.strictEqual(PostgresPositions.toText(100, [-90]), "10w")
    const turns = Array.from({ length: 200 }, (_, turn) => [18 + 22 * turn, 28 + 22 * turn]).flat()
    assert.strictEqual(PostgresPositions.toText(4418, turns), "12,10*200")
  })

  it.effect.prop(
    "are read as they were given, and made of lists of before",
    { far: Places(2 ** 40), few: Places(30) },
    ({ far, few }) =>
      Postgres.unsupported !== undefined
        ? Effect.void
        : Effect.gen(function*() {
          const schema = yield* Postgres.schema
          yield* Postgres.run(schema, `CREATE SCHEMA ${schema}`)
          yield* Postgres.run(schema, PostgresPositions.places)
          yield* Postgres.run(schema, PostgresPositions.stepsOfList)
          for (const list of [far, few, [...far, ...few]]) {
            const places = [...new Set(list)].filter((place) => place !== 0).sort((one, other) => one - other)
            const at = Math.max(0, ...places.map(Math.abs))
            const expected = `{${places.join(",")}}`
            const [row] = yield* Postgres.run(
              schema,
              `SELECT ARRAY(SELECT places($1::bigint, $2::text) ORDER BY 1)::text AS given,
                 ARRAY(SELECT places($1::bigint, steps_of_list($1::bigint, $3::text::bigint[])) ORDER BY 1)::text AS before`,
              [BigInt(at), PostgresPositions.toText(at, places), expected]
            )
            assert.deepStrictEqual({ ...row }, { given: expected, before: expected })
          }
        }).pipe(Effect.scoped),
    { arbitrary: { runs: 20 } }
  )
})
